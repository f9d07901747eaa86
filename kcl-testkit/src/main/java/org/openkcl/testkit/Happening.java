package org.openkcl.testkit;

/** A kind of thing that happens to a simulated fleet. */
public enum Happening {
  /** A worker came. */
  START(false),
  /** A worker was asked to go. */
  STOP(false),
  SPLIT(false),
  MERGE(false),
  /** A process ended at once, at any moment. */
  CRASH(true),
  /** A process ended at once within a call of its own user code. */
  CRASH_IN_CALL(true),
  /** A process stood still for a while. */
  FREEZE(true),
  /** A process's wall clock was set back or ahead. */
  CLOCK_LAG(true),
  /** Nothing that a process sent arrived, for a while. */
  CUT_OFF(true),
  /** Network, services and processors began to fail as a new {@link Faults} says. */
  FAULTY_PERIOD(true),
  /** A call of user code took a minute or more. */
  STALL(true),
  /** A call of user code threw. */
  EXCEPTION(false),
  /** User code ended a shard, or was asked to stop, and did not checkpoint. */
  FORGOTTEN(false),
  /** A request for the lease table was throttled, refused or lost, or its reply was. */
  TABLE_FAULT(false),
  /** A request for the stream was throttled or lost, its reply was, or its iterator expired. */
  STREAM_FAULT(false);

  private final boolean fault;

  Happening(boolean fault) {
    this.fault = fault;
  }

  /** Whether it counts as a fault of a run; what comes by the hundred does not. */
  public boolean isFault() {
    return fault;
  }

  /** Whether it is a split or a merge. */
  public boolean isReshard() {
    return this == SPLIT || this == MERGE;
  }
}
