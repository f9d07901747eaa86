package org.openkcl.processor;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One record as the application wrote it. A record that a producer put into an aggregate is
 * delivered by itself: it shares its sequence number with the others of the aggregate and is told
 * apart by {@link #subSequenceNumber()}.
 *
 * <p>Immutable; safe for use by any thread.
 */
public final class KinesisClientRecord {
  private final String sequenceNumber;
  private final long subSequenceNumber;
  private final @Nullable Instant approximateArrivalTimestamp;
  private final ByteBuffer data;
  private final String partitionKey;
  private final EncryptionType encryptionType;
  private final @Nullable String explicitHashKey;
  private final boolean aggregated;
  private final @Nullable Object schema;

  private KinesisClientRecord(Builder builder) {
    this.sequenceNumber = Required.value(builder.sequenceNumber, "Record", "sequenceNumber");
    this.subSequenceNumber = builder.subSequenceNumber;
    this.approximateArrivalTimestamp = builder.approximateArrivalTimestamp;
    this.data = Required.value(builder.data, "Record", "data");
    this.partitionKey = Required.value(builder.partitionKey, "Record", "partitionKey");
    this.encryptionType = builder.encryptionType;
    this.explicitHashKey = builder.explicitHashKey;
    this.aggregated = builder.aggregated;
    this.schema = builder.schema;
  }

  /** The sequence number of the Kinesis record: decimal digits, rising within a shard. */
  public String sequenceNumber() {
    return sequenceNumber;
  }

  /** The index of this record inside its aggregate; 0 for a record that is not aggregated. */
  public long subSequenceNumber() {
    return subSequenceNumber;
  }

  /**
   * When Kinesis received the record, to the millisecond; not guaranteed to rise with the sequence
   * number. Null only for records that a test built without one.
   */
  public @Nullable Instant approximateArrivalTimestamp() {
    return approximateArrivalTimestamp;
  }

  /**
   * The payload, read-only, from position 0 of the payload to its end. Every call returns a buffer
   * of its own, so that reading one moves no other's position.
   *
   * <p>Some records of a batch may share the array in which they came from the network: a record that
   * is kept may keep up to 32 times its size. To keep a few of many for long, copy their bytes.
   */
  public ByteBuffer data() {
    return data.duplicate();
  }

  /** The partition key, 1 to 256 characters. */
  public String partitionKey() {
    return partitionKey;
  }

  /** How Kinesis kept the record at rest. */
  public EncryptionType encryptionType() {
    return encryptionType;
  }

  /**
   * The hash key that the producer of an aggregate gave explicitly, as decimal digits; null when it
   * gave none or the record is not aggregated.
   */
  public @Nullable String explicitHashKey() {
    return explicitHashKey;
  }

  /** Whether the record came out of an aggregate. */
  public boolean aggregated() {
    return aggregated;
  }

  /**
   * What a {@link RecordDecoder} found out about the payload, for example the schema it was written
   * with; null without one. Not looked at by this library.
   */
  public @Nullable Object schema() {
    return schema;
  }

  /** A builder with this record's values. */
  public Builder toBuilder() {
    return builder()
        .sequenceNumber(sequenceNumber)
        .subSequenceNumber(subSequenceNumber)
        .approximateArrivalTimestamp(approximateArrivalTimestamp)
        .data(data)
        .partitionKey(partitionKey)
        .encryptionType(encryptionType)
        .explicitHashKey(explicitHashKey)
        .aggregated(aggregated)
        .schema(schema);
  }

  /** A builder. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KinesisClientRecord that
        && sequenceNumber.equals(that.sequenceNumber)
        && subSequenceNumber == that.subSequenceNumber
        && Objects.equals(approximateArrivalTimestamp, that.approximateArrivalTimestamp)
        && data.equals(that.data)
        && partitionKey.equals(that.partitionKey)
        && encryptionType == that.encryptionType
        && Objects.equals(explicitHashKey, that.explicitHashKey)
        && aggregated == that.aggregated
        && Objects.equals(schema, that.schema);
  }

  @Override
  public int hashCode() {
    return Objects.hash(sequenceNumber, subSequenceNumber, partitionKey);
  }

  /** Position, partition key and size, never the payload. */
  @Override
  public String toString() {
    return "KinesisClientRecord[sequenceNumber="
        + sequenceNumber
        + ", subSequenceNumber="
        + subSequenceNumber
        + ", partitionKey="
        + partitionKey
        + ", bytes="
        + data.remaining()
        + "]";
  }

  /** Builds a record. Sequence number, data and partition key are required. */
  public static final class Builder {
    private @Nullable String sequenceNumber;
    private long subSequenceNumber;
    private @Nullable Instant approximateArrivalTimestamp;
    private @Nullable ByteBuffer data;
    private @Nullable String partitionKey;
    private EncryptionType encryptionType = EncryptionType.NONE;
    private @Nullable String explicitHashKey;
    private boolean aggregated;
    private @Nullable Object schema;

    private Builder() {}

    public Builder sequenceNumber(String digits) {
      this.sequenceNumber = digits;
      return this;
    }

    /** Default 0. */
    public Builder subSequenceNumber(long index) {
      this.subSequenceNumber = index;
      return this;
    }

    public Builder approximateArrivalTimestamp(@Nullable Instant arrival) {
      this.approximateArrivalTimestamp = arrival;
      return this;
    }

    /**
     * The payload from the buffer's position to its limit. The bytes are shared, not copied: do not
     * change them afterwards.
     */
    public Builder data(ByteBuffer payload) {
      boolean whole = payload.position() == 0 && payload.remaining() == payload.capacity();
      this.data = (whole ? payload : payload.slice()).asReadOnlyBuffer();
      return this;
    }

    public Builder partitionKey(String key) {
      this.partitionKey = key;
      return this;
    }

    /** Default {@link EncryptionType#NONE}. */
    public Builder encryptionType(EncryptionType type) {
      this.encryptionType = type;
      return this;
    }

    public Builder explicitHashKey(@Nullable String hashKey) {
      this.explicitHashKey = hashKey;
      return this;
    }

    /** Default false. */
    public Builder aggregated(boolean fromAggregate) {
      this.aggregated = fromAggregate;
      return this;
    }

    /** Default null. */
    public Builder schema(@Nullable Object found) {
      this.schema = found;
      return this;
    }

    /**
     * The record.
     *
     * @throws IllegalStateException if a required value was not set
     */
    public KinesisClientRecord build() {
      return new KinesisClientRecord(this);
    }
  }
}
