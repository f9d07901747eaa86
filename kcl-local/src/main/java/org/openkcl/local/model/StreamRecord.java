package org.openkcl.local.model;

import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A record in a shard. Immutable; one object however often it is read. */
public final class StreamRecord {
  /** What a record takes in memory beside its data and key, in bytes: objects and number. */
  private static final int OVERHEAD_BYTES = 200;

  private final long tick;
  private final long arrivalMillis;
  private final String sequenceNumber;
  private final String partitionKey;
  private final byte[] data;
  private final @Nullable String keyArn;

  StreamRecord(
      long tick,
      long arrivalMillis,
      String sequenceNumber,
      String partitionKey,
      byte[] data,
      @Nullable String keyArn) {
    this.tick = tick;
    this.arrivalMillis = arrivalMillis;
    this.sequenceNumber = sequenceNumber;
    this.partitionKey = partitionKey;
    this.data = data;
    this.keyArn = keyArn;
  }

  /** 56 decimal digits. */
  public String sequenceNumber() {
    return sequenceNumber;
  }

  /** When the stream took the record, to the millisecond; never decreases within a stream. */
  public Instant approximateArrival() {
    return Instant.ofEpochMilli(arrivalMillis);
  }

  /** 1 to 256 characters. */
  public String partitionKey() {
    return partitionKey;
  }

  /** A read-only view of the payload. */
  public ByteBuffer data() {
    return ByteBuffer.wrap(data).asReadOnlyBuffer();
  }

  /** The stream's own array, for writing it out without a copy. Do not write to it. */
  public byte[] sharedData() {
    return data;
  }

  /** Whether the record was written to an encrypted stream. */
  public boolean isEncrypted() {
    return keyArn != null;
  }

  /** The key that readers need; null when the record is not encrypted. */
  @Nullable
  String keyArn() {
    return keyArn;
  }

  long tick() {
    return tick;
  }

  long arrivalMillis() {
    return arrivalMillis;
  }

  JournaledRecord journaled(Stream stream, Shard shard) {
    return new JournaledRecord(
        stream.name,
        stream.incarnation,
        shard.index,
        tick,
        arrivalMillis,
        partitionKey,
        data,
        keyArn);
  }

  long storedBytes() {
    return storedBytes(partitionKey, data);
  }

  static long storedBytes(String partitionKey, byte[] data) {
    return (long) data.length + partitionKey.length() + OVERHEAD_BYTES;
  }

  @Override
  public String toString() {
    return "StreamRecord[" + sequenceNumber + ", " + partitionKey + ", " + data.length + " bytes]";
  }
}
