package org.openkcl.records;

/** The contents of an aggregate cannot be read. Reading them again is of no use. */
final class CorruptMessageException extends Exception {
  private static final long serialVersionUID = 1L;

  CorruptMessageException(String found) {
    super(found, null, false, false);
  }
}
