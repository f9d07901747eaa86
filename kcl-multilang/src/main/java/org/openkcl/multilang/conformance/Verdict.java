package org.openkcl.multilang.conformance;

/** Ends a check before its end: the child broke the rule, or the rule does not concern it. */
final class Verdict extends Exception {
  private static final long serialVersionUID = 1L;

  private final Result.Outcome outcome;

  private Verdict(Result.Outcome outcome, String detail) {
    super(detail, null, false, false);
    this.outcome = outcome;
  }

  static Verdict failed(String detail) {
    return new Verdict(Result.Outcome.FAILED, detail);
  }

  static Verdict skipped(String detail) {
    return new Verdict(Result.Outcome.SKIPPED, detail);
  }

  Result of(String check, String more) {
    return new Result(check, outcome, getMessage() + more);
  }
}
