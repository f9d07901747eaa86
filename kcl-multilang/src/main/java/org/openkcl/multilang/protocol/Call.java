package org.openkcl.multilang.protocol;

/** A call of the processor as the child sees it: one message, answered by a status. */
public enum Call {
  INITIALIZE("initialize", false),
  PROCESS_RECORDS("processRecords", true),
  LEASE_LOST("leaseLost", false),
  SHARD_ENDED("shardEnded", true),
  SHUTDOWN_REQUESTED("shutdownRequested", true);

  private final String action;
  private final boolean mayCheckpoint;

  Call(String action, boolean mayCheckpoint) {
    this.action = action;
    this.mayCheckpoint = mayCheckpoint;
  }

  /** Its name on the wire. */
  public String action() {
    return action;
  }

  /** Whether the child may ask for checkpoints before it answers. */
  public boolean mayCheckpoint() {
    return mayCheckpoint;
  }

  @Override
  public String toString() {
    return action;
  }
}
