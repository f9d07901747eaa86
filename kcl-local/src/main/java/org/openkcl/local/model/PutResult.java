package org.openkcl.local.model;

/**
 * Where a record went.
 *
 * @param sequenceNumber 56 decimal digits; greater than all earlier ones of its stream
 */
public record PutResult(String shardId, String sequenceNumber) {}
