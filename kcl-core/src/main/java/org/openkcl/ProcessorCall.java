package org.openkcl;

/** The calls that a processor gets. */
public enum ProcessorCall {
  INITIALIZE("initialize"),
  PROCESS_RECORDS("processRecords"),
  SHARD_ENDED("shardEnded"),
  SHUTDOWN_REQUESTED("shutdownRequested"),
  LEASE_LOST("leaseLost");

  private final String methodName;

  ProcessorCall(String methodName) {
    this.methodName = methodName;
  }

  /** The name of the method. */
  @Override
  public String toString() {
    return methodName;
  }
}
