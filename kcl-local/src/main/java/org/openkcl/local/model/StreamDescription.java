package org.openkcl.local.model;

import java.time.Duration;
import java.time.Instant;

/**
 * A stream as DescribeStreamSummary tells it.
 *
 * @param status {@code CREATING}, {@code ACTIVE}, {@code UPDATING} or {@code DELETING}
 * @param creationTime to the millisecond
 * @param retention how long records are kept
 * @param features what else was set on it
 */
public record StreamDescription(
    String name,
    String arn,
    String status,
    Instant creationTime,
    Duration retention,
    int openShardCount,
    StreamFeatures features) {}
