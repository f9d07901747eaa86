package org.openkcl.multilang.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.openkcl.processor.KinesisClientRecord;

/**
 * Writes the daemon's messages, each as one JSON object on a line of its own, with {@code action}
 * first and absent values as {@code null}: children insist on the members being there. Records are
 * written as they are gone through; no text is built for any of them.
 *
 * <p>Not thread-safe. The stream need not be buffered; it is flushed after each message.
 */
public final class MessageWriter {
  private static final byte[] ACTION = ascii("{\"action\":");
  private static final byte[] SHARD_ID = ascii(",\"shardId\":");
  private static final byte[] SEQUENCE_NUMBER = ascii(",\"sequenceNumber\":");
  private static final byte[] SUB_SEQUENCE_NUMBER = ascii(",\"subSequenceNumber\":");
  private static final byte[] EXTENSIONS = ascii(",\"extensions\":[");
  private static final byte[] RECORDS = ascii(",\"records\":[");
  private static final byte[] MILLIS_BEHIND_LATEST = ascii("],\"millisBehindLatest\":");
  private static final byte[] ERROR = ascii(",\"error\":");
  private static final byte[] DATA = ascii("{\"action\":\"record\",\"data\":");
  private static final byte[] PARTITION_KEY = ascii(",\"partitionKey\":");
  private static final byte[] ARRIVAL = ascii(",\"approximateArrivalTimestamp\":");
  private static final byte[] END = ascii("}\n");

  private final JsonBytes json;
  private @Nullable String shardId;

  public MessageWriter(OutputStream out) {
    json = new JsonBytes(out);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }

  /**
   * From now on messages name this shard, behind their action.
   *
   * @param newShardId null for messages that name none, which is how it begins
   */
  public MessageWriter about(@Nullable String newShardId) {
    shardId = newShardId;
    return this;
  }

  /** As the other, offering nothing. */
  public void initialize(String of, @Nullable String sequenceNumber, @Nullable Long sub)
      throws IOException {
    initialize(of, sequenceNumber, sub, Set.of());
  }

  /**
   * A shard of the child and where it begins; always names its shard.
   *
   * @param sequenceNumber digits, or TRIM_HORIZON, LATEST or AT_TIMESTAMP
   * @param offers the extensions that the child may take up; a member for them is written only if
   *     there are any
   */
  public void initialize(
      String of, @Nullable String sequenceNumber, @Nullable Long sub, Set<Extension> offers)
      throws IOException {
    begin(Call.INITIALIZE.action(), of);
    text(SEQUENCE_NUMBER, sequenceNumber);
    number(SUB_SEQUENCE_NUMBER, sub);
    if (!offers.isEmpty()) {
      json.raw(EXTENSIONS);
      boolean first = true;
      for (Extension offer : new TreeSet<>(offers)) {
        separate(first).text(offer.wireName());
        first = false;
      }
      json.raw(']');
    }
    end();
  }

  /** A batch. */
  public void processRecords(List<KinesisClientRecord> records, @Nullable Long millisBehindLatest)
      throws IOException {
    begin(Call.PROCESS_RECORDS.action(), shardId);
    json.raw(RECORDS);
    boolean first = true;
    for (KinesisClientRecord record : records) {
      separate(first);
      record(record);
      first = false;
    }
    number(MILLIS_BEHIND_LATEST, millisBehindLatest);
    end();
  }

  /** A call without anything else: leaseLost, shardEnded or shutdownRequested. */
  public void call(Call call) throws IOException {
    begin(call.action(), shardId);
    end();
  }

  /**
   * The answer to a request for a checkpoint.
   *
   * @param error null for success
   */
  public void checkpointReply(ChildLine.Checkpoint request, @Nullable String error)
      throws IOException {
    begin("checkpoint", shardId);
    text(SEQUENCE_NUMBER, request.sequenceNumber());
    number(SUB_SEQUENCE_NUMBER, request.subSequenceNumber());
    text(ERROR, error);
    end();
  }

  private void record(KinesisClientRecord record) throws IOException {
    json.raw(DATA).base64(record.data());
    json.raw(PARTITION_KEY).text(record.partitionKey());
    json.raw(SEQUENCE_NUMBER).text(record.sequenceNumber());
    Instant arrival = record.approximateArrivalTimestamp();
    number(ARRIVAL, arrival == null ? null : arrival.toEpochMilli());
    json.raw(SUB_SEQUENCE_NUMBER).number(record.subSequenceNumber());
    json.raw('}');
  }

  /** Opens a message with what all have in common. */
  private void begin(String action, @Nullable String about) throws IOException {
    json.raw(ACTION).text(action);
    if (about != null) {
      json.raw(SHARD_ID).text(about);
    }
  }

  private void end() throws IOException {
    json.raw(END).flush();
  }

  private JsonBytes separate(boolean first) throws IOException {
    return first ? json : json.raw(',');
  }

  /** A member; {@code name} with the comma before it and the colon behind it. */
  private void text(byte[] name, @Nullable String value) throws IOException {
    json.raw(name);
    if (value == null) {
      json.nothing();
    } else {
      json.text(value);
    }
  }

  private void number(byte[] name, @Nullable Long value) throws IOException {
    json.raw(name);
    if (value == null) {
      json.nothing();
    } else {
      json.number(value);
    }
  }
}
