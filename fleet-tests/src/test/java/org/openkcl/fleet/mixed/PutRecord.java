package org.openkcl.fleet.mixed;

import java.math.BigInteger;

/** A record that the stream has accepted. */
record PutRecord(String shard, BigInteger sequenceNumber) {
  static PutRecord of(String shard, String sequenceNumber) {
    return new PutRecord(shard, new BigInteger(sequenceNumber));
  }
}
