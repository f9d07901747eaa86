package org.openkcl.multilang.protocol;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
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
 * <p>Not thread-safe. The stream is flushed after each message.
 */
public final class MessageWriter {
  private static final JsonFactory JSON = new JsonFactoryBuilder()
      .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
      .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
      .build();

  private final OutputStream out;
  private byte[] scratch = new byte[0];
  private @Nullable String shardId;

  public MessageWriter(OutputStream out) {
    this.out = out;
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
    message(Call.INITIALIZE.action(), of, json -> {
      text(json, "sequenceNumber", sequenceNumber);
      number(json, "subSequenceNumber", sub);
      if (!offers.isEmpty()) {
        json.writeArrayFieldStart("extensions");
        for (Extension offer : new TreeSet<>(offers)) {
          json.writeString(offer.wireName());
        }
        json.writeEndArray();
      }
    });
  }

  /** A batch. */
  public void processRecords(List<KinesisClientRecord> records, @Nullable Long millisBehindLatest)
      throws IOException {
    message(Call.PROCESS_RECORDS.action(), json -> {
      json.writeArrayFieldStart("records");
      for (KinesisClientRecord record : records) {
        record(json, record);
      }
      json.writeEndArray();
      number(json, "millisBehindLatest", millisBehindLatest);
    });
  }

  /** A call without anything else: leaseLost, shardEnded or shutdownRequested. */
  public void call(Call call) throws IOException {
    message(call.action(), json -> {});
  }

  /**
   * The answer to a request for a checkpoint.
   *
   * @param error null for success
   */
  public void checkpointReply(ChildLine.Checkpoint request, @Nullable String error)
      throws IOException {
    message("checkpoint", json -> {
      text(json, "sequenceNumber", request.sequenceNumber());
      number(json, "subSequenceNumber", request.subSequenceNumber());
      text(json, "error", error);
    });
  }

  private void record(JsonGenerator json, KinesisClientRecord record) throws IOException {
    json.writeStartObject();
    json.writeStringField("action", "record");
    json.writeFieldName("data");
    base64(json, record.data());
    json.writeStringField("partitionKey", record.partitionKey());
    json.writeStringField("sequenceNumber", record.sequenceNumber());
    Instant arrival = record.approximateArrivalTimestamp();
    number(json, "approximateArrivalTimestamp", arrival == null ? null : arrival.toEpochMilli());
    json.writeNumberField("subSequenceNumber", record.subSequenceNumber());
    json.writeEndObject();
  }

  private void base64(JsonGenerator json, ByteBuffer data) throws IOException {
    int length = data.remaining();
    if (scratch.length < length) {
      scratch = new byte[Math.max(length, Math.min(2 * scratch.length, 1 << 20))];
    }
    data.get(scratch, 0, length);
    json.writeBinary(Base64Variants.MIME_NO_LINEFEEDS, scratch, 0, length);
  }

  private static void text(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value == null) {
      json.writeNullField(name);
    } else {
      json.writeStringField(name, value);
    }
  }

  private static void number(JsonGenerator json, String name, @Nullable Long value)
      throws IOException {
    if (value == null) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, value);
    }
  }

  /** The members of a message after its action. */
  private interface Members {
    void writeTo(JsonGenerator json) throws IOException;
  }

  private void message(String action, Members members) throws IOException {
    message(action, shardId, members);
  }

  private void message(String action, @Nullable String about, Members members) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("action", action);
      if (about != null) {
        json.writeStringField("shardId", about);
      }
      members.writeTo(json);
      json.writeEndObject();
    }
    out.write('\n');
    out.flush();
  }
}
