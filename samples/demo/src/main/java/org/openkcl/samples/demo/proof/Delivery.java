package org.openkcl.samples.demo.proof;

/**
 * One record as a worker's processor saw it.
 *
 * @param atMicros when, since the epoch
 * @param origin its partition key
 * @param delayMinutes read from its payload
 * @param payloadCrc CRC-32C of its payload
 */
public record Delivery(
    long atMicros, String sequenceNumber, String origin, int delayMinutes, int payloadCrc)
    implements DelayStatistics.Departure {}
