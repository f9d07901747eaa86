package org.openkcl.local.model;

import java.time.Instant;

/**
 * A subscription under way.
 *
 * @param started when SubscribeToShard was called, to the millisecond
 * @param events how many events it has pushed
 * @param records how many records were in them
 */
public record SubscriptionInfo(
    String consumerArn, String shardId, Instant started, long events, long records) {}
