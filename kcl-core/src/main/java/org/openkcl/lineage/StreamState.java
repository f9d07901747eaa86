package org.openkcl.lineage;

import java.time.Instant;

/**
 * A stream, as it was when Kinesis answered.
 *
 * @param name the bare name
 * @param arn identifies it over accounts and regions
 * @param creationTime to the second; tells a stream from a deleted one of the same name
 * @param serverTime the {@code Date} header of the answer: whole seconds, truncated
 */
public record StreamState(
    String name, String arn, Instant creationTime, Status status, Instant serverTime) {

  /** What can be done with a stream. */
  public enum Status {
    /** Not ready yet. */
    CREATING,
    /** Ready. */
    ACTIVE,
    /** Ready, and changing. */
    UPDATING,
    /** Going away. */
    DELETING,
    /** A status that this version of the library does not know. */
    UNKNOWN
  }

  /** Whether records can be read. */
  public boolean isReadable() {
    return status == Status.ACTIVE || status == Status.UPDATING;
  }
}
