package org.openkcl.local.model;

import java.time.Instant;

/**
 * A consumer registered for enhanced fan-out, as DescribeStreamConsumer tells it.
 *
 * @param arn the stream's ARN, {@code /consumer/}, the name, a colon, and the creation time in
 *     seconds since the epoch
 * @param creationTime to the millisecond
 */
public record ConsumerDescription(
    String name, String arn, Status status, Instant creationTime, String streamArn) {
  /** The states of a consumer. */
  public enum Status {
    /** Registered; cannot subscribe yet. */
    CREATING,
    /** Can subscribe. */
    ACTIVE,
    /** Deregistered; its name is not free yet. */
    DELETING
  }

  ConsumerDescription with(Status newStatus) {
    return new ConsumerDescription(name, arn, newStatus, creationTime, streamArn);
  }
}
