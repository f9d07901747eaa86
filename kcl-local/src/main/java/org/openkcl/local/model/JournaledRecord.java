package org.openkcl.local.model;

import org.jspecify.annotations.Nullable;

/**
 * A record with its place: enough to put it back where it was.
 *
 * @param incarnation tells the stream from others of its name
 * @param tick the place in the stream's order
 * @param keyArn the key it is encrypted with; null for none
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record JournaledRecord(
    String streamName,
    long incarnation,
    int shardIndex,
    long tick,
    long arrivalMillis,
    String partitionKey,
    byte[] data,
    @Nullable String keyArn) {}
