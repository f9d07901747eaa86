package org.openkcl.samples.demo.proof;

import java.math.BigInteger;

/**
 * One record as the stream acknowledged it to the producer.
 *
 * @param atMicros when the reply came, since the epoch
 * @param payloadCrc CRC-32C of its payload
 */
public record PutRecord(
    long atMicros, String shardId, String sequenceNumber, String origin, int payloadCrc) {

  /** The place in its shard: sequence numbers compare as numbers. */
  BigInteger place() {
    return new BigInteger(sequenceNumber);
  }

  /** The later of two sequence numbers of a shard. */
  public static String later(String a, String b) {
    return new BigInteger(a).compareTo(new BigInteger(b)) >= 0 ? a : b;
  }
}
