package org.openkcl.samples.producer;

/**
 * Where a record was put.
 *
 * @param subSequenceNumber its place in an aggregate; 0 if it was put by itself
 */
public record Placement(String shardId, String sequenceNumber, long subSequenceNumber) {}
