package org.openkcl.local.model;

/** Is told of every record that the streams take, before anybody is told that it was taken. */
@FunctionalInterface
public interface StreamJournal {
  void appended(JournaledRecord record);
}
