package org.openkcl.benchmarks.probe;

/** What a worker process reports of the records that its processors get. */
public enum Detail {
  /** Every record, by the text in it, before and after its batch is checkpointed. */
  IDS,
  /** Nothing but the first record and the last that is expected: for speed. */
  COUNTS,
  /** How long each took from the {@link Stamp} at its beginning to the call of the processor. */
  DELAYS
}
