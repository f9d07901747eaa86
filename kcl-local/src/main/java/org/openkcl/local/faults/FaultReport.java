package org.openkcl.local.faults;

/**
 * A fault in force and how often it struck.
 *
 * @param id for removing it
 * @param strikes calls and events it struck so far
 */
public record FaultReport(long id, Fault fault, long strikes) {
  /** Whether it has struck as often as it was to. */
  public boolean isSpent() {
    return strikes >= fault.strikesMax();
  }
}
