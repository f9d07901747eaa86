package org.openkcl.multilang.conformance;

/**
 * What a check has come to.
 *
 * @param check the rule, for people
 * @param detail what was seen; empty when there is nothing to say
 */
public record Result(String check, Outcome outcome, String detail) {

  /** How it ended. */
  public enum Outcome {
    /** The child keeps to the rule. */
    OK,
    /** It does not. */
    FAILED,
    /** The rule does not concern the child. */
    SKIPPED
  }
}
