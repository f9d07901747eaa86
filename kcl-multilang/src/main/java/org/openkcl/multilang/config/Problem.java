package org.openkcl.multilang.config;

/**
 * Something wrong with a configuration, for people: where, what, and what to do.
 *
 * @param source for example {@code line 12}; empty when something is missing
 */
public record Problem(String source, String message) {
  @Override
  public String toString() {
    return source.isEmpty() ? message : source + ": " + message;
  }
}
