package org.openkcl.multilang.conformance;

/**
 * One rule of the protocol and the dialogue that shows whether a child keeps to it.
 *
 * @param rule for people
 */
record Check(String rule, Script script) {

  /** What is said to a child that was just started, and what is expected of it. */
  interface Script {
    void play(TestedChild child, Dialogue dialogue) throws Verdict, InterruptedException;
  }
}
