package org.openkcl.kinesis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openkcl.kinesis.Bodies.ARRIVAL_MILLIS;
import static org.openkcl.kinesis.Bodies.pieces;
import static org.openkcl.kinesis.Bodies.record;

import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.openkcl.retrieval.ReadReply;

/** Bodies written by another maker's CBOR library, whole and in pieces, and what is no body. */
class RecordsBodyTest {
  private static final CBORFactory CBOR = new CBORFactory();
  private static final int TIMESTAMP_TAG = 1;

  @FunctionalInterface
  interface Writing {
    void to(CBORGenerator out) throws IOException;
  }

  @Test
  void aReplyWithEverything() throws IOException {
    byte[] body = full();
    for (int size : new int[] {1, 2, 3, 7, 64, body.length}) {
      ReadReply reply = RecordsBody.reply(pieces(body, size));
      assertThat(reply.nextIterator()).isEqualTo("next");
      assertThat(reply.millisBehindLatest()).isEqualTo(70_000);
      assertThat(reply.childShards()).containsExactly(Bodies.CHILD);
      assertThat(reply.records())
          .containsExactly(record("1", "clé", "payload", true), record("2", "b", "", false));
      assertThat(reply.bytes()).isEqualTo(7 + 3 + 1);
    }
  }

  @Test
  void theEndOfAShardHasNoNextIterator() throws IOException {
    ReadReply absent = read(out -> {
      out.writeStartObject();
      out.writeEndObject();
    });
    ReadReply isNull = read(out -> {
      out.writeStartObject();
      out.writeNullField("NextShardIterator");
      out.writeNullField("Records");
      out.writeNullField("MillisBehindLatest");
      out.writeNullField("ChildShards");
      out.writeEndObject();
    });
    assertThat(absent).isEqualTo(isNull).isEqualTo(new ReadReply(List.of(), null, 0, List.of(), 0));
  }

  @Test
  void membersOfTomorrowArePassedOver() throws IOException {
    ReadReply reply = read(out -> {
      out.writeStartObject();
      out.writeFieldName("Tomorrow");
      writeAnything(out);
      out.writeArrayFieldStart("Records");
      out.writeStartObject();
      out.writeFieldName("Later");
      writeAnything(out);
      out.writeStringField("SequenceNumber", "1");
      out.writeStringField("PartitionKey", "a");
      out.writeBinaryField("Data", new byte[] {1});
      out.writeEndObject();
      out.writeEndArray();
      out.writeStringField("NextShardIterator", "next");
      out.writeEndObject();
    });
    assertThat(reply.nextIterator()).isEqualTo("next");
    assertThat(reply.records()).singleElement().satisfies(record -> {
      assertThat(record.approximateArrivalTimestamp()).isNull();
      assertThat(record.data()).isEqualTo(ByteBuffer.wrap(new byte[] {1}));
    });
  }

  @Test
  void stringsInPiecesOfUnknownNumberAndTimesWithFractions() throws IOException {
    // {_ "Records": [_ {_ "Data": (_ h'01', h'0203'), "PartitionKey": (_ "a", "b"),
    //   "SequenceNumber": "7", "ApproximateArrivalTimestamp": 1(1764378000123.5) } ] }
    byte[] body = HexFormat.of()
        .parseHex("bf" + "67" + hex("Records") + "9f" + "bf" + "64" + hex("Data") + "5f4101420203ff"
            + "6c" + hex("PartitionKey") + "7f61616162ff" + "6e" + hex("SequenceNumber") + "6137"
            + "781b" + hex("ApproximateArrivalTimestamp") + "c1fb"
            + Long.toHexString(Double.doubleToLongBits(ARRIVAL_MILLIS + 0.5)) + "ff" + "ff" + "ff");
    assertThat(RecordsBody.reply(pieces(body, 5)).records()).singleElement().satisfies(record -> {
      assertThat(record.data()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
      assertThat(record.partitionKey()).isEqualTo("ab");
      assertThat(record.sequenceNumber()).isEqualTo("7");
      assertThat(record.approximateArrivalTimestamp())
          .isEqualTo(Instant.ofEpochMilli(ARRIVAL_MILLIS));
    });
  }

  @Test
  void aKeyMayBeWrittenInMoreWaysThanOne() throws IOException {
    String name = hex("NextShardIterator");
    for (String key : List.of("71" + name, "7811" + name, "790011" + name, "7a00000011" + name)) {
      byte[] body = HexFormat.of().parseHex("a1" + key + "6161");
      assertThat(RecordsBody.reply(pieces(body, body.length)).nextIterator()).isEqualTo("a");
    }
    refused("a17b" + hex("ApproximateArrivalTimestamp") + "00", "Ends too early");
  }

  @Test
  void keepingARecordKeepsAtMost32TimesItsData() throws IOException {
    byte[] body = bytes(out -> {
      out.writeStartObject();
      out.writeArrayFieldStart("Records");
      write(out, "1", "small", "a".repeat(100));
      write(out, "2", "large", "b".repeat(1_000));
      write(out, "3", "rest", "c".repeat(9_000));
      out.writeEndArray();
      out.writeEndObject();
    });
    assertThat(body.length).isBetween(100 * 32, 1_000 * 32);
    ReadReply reply = RecordsBody.reply(pieces(body, body.length));
    Arrays.fill(body, (byte) 0);
    assertThat(textOf(reply, 0)).isEqualTo("a".repeat(100));
    assertThat(textOf(reply, 1)).as("shared with the reply").isEqualTo("\0".repeat(1_000));
    assertThat(textOf(reply, 2)).as("shared with the reply").isEqualTo("\0".repeat(9_000));
  }

  @Test
  void dataThatLiesInSeveralPiecesIsJoined() throws IOException {
    String data = "0123456789".repeat(1_000);
    byte[] body = bytes(out -> {
      out.writeStartObject();
      out.writeArrayFieldStart("Records");
      write(out, "1", "a", data);
      write(out, "2", "b", data);
      out.writeEndArray();
      out.writeEndObject();
    });
    for (int size : new int[] {1, 100, 9_999, 10_100, body.length}) {
      ReadReply reply = RecordsBody.reply(pieces(body, size));
      assertThat(textOf(reply, 0)).isEqualTo(data);
      assertThat(textOf(reply, 1)).isEqualTo(data);
      assertThat(reply.records().get(1).data().isReadOnly()).isTrue();
    }
  }

  @Test
  void piecesThatAreNoArraysAreReadAsWell() throws IOException {
    byte[] body = full();
    ByteBuffer direct = ByteBuffer.allocateDirect(body.length).put(body).flip();
    ByteBuffer empty = ByteBuffer.allocate(0);
    assertThat(RecordsBody.reply(List.of(empty, direct.asReadOnlyBuffer(), empty)))
        .isEqualTo(RecordsBody.reply(pieces(body, body.length)));
    assertThat(direct.position()).isZero();
  }

  @Test
  void aReplyThatEndsAnywhereElseIsRefused() throws IOException {
    byte[] body = full();
    for (int length = 0; length < body.length; length++) {
      byte[] cut = Arrays.copyOf(body, length);
      assertThatThrownBy(() -> RecordsBody.reply(pieces(cut, 16)))
          .as("cut to %d bytes", length)
          .isInstanceOf(IOException.class);
    }
    byte[] longer = Arrays.copyOf(body, body.length + 1);
    assertThatThrownBy(() -> RecordsBody.reply(pieces(longer, 16)))
        .hasMessage("1 bytes follow the end");
  }

  @Test
  void whatCannotBeIsRefusedBeforeMemoryIsTaken() {
    refused("a0a0", "1 bytes follow the end");
    refused("01", "Not a map: 0x1");
    refused("a1f600", "null is a key");
    refused(
        "bb7fffffffffffffff", "Ends too early: 0 bytes are left of at least 9223372036854775807");
    refused("a167" + hex("Records") + "9b00000000ffffffff", "Ends too early");
    refused("a167" + hex("Records") + "81a164" + hex("Data") + "5affffffff", "Ends too early");
    refused("a167" + hex("Records") + "81a0", "No Data");
    refused("a16178" + "81".repeat(40) + "00", "Nested deeper than 32");
    refused("a161781c", "Not a length: 0x1c");
    refused("a172" + hex("MillisBehindLatest") + "6131", "Not a number: 0x61");
  }

  @Test
  void changedBytesGiveAReplyOrARefusalAndNothingElse() throws IOException {
    byte[] body = full();
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] changed = body.clone();
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      try {
        RecordsBody.reply(pieces(changed, 1 + random.nextInt(changed.length)));
      } catch (IOException expected) {
        refused++;
      }
    }
    assertThat(refused).isBetween(5_000, 20_000);
  }

  private static String textOf(ReadReply reply, int index) {
    return UTF_8.decode(reply.records().get(index).data()).toString();
  }

  private static byte[] full() throws IOException {
    return bytes(
        out -> Bodies.writeFull(out, "clé", "NextShardIterator", "next", () -> writeArrival(out)));
  }

  private static void write(CBORGenerator out, String sequenceNumber, String key, String data)
      throws IOException {
    Bodies.writeRecord(out, record(sequenceNumber, key, data, false), () -> writeArrival(out));
  }

  private static void writeArrival(CBORGenerator out) throws IOException {
    out.writeTag(TIMESTAMP_TAG);
    out.writeNumber(ARRIVAL_MILLIS);
  }

  private static void writeAnything(CBORGenerator out) throws IOException {
    out.writeStartObject(4);
    out.writeArrayFieldStart("list");
    out.writeNumber(-5);
    out.writeNumber(70_000);
    out.writeNumber(Long.MIN_VALUE);
    out.writeNumber(1.5f);
    out.writeNumber(2.5);
    out.writeBoolean(true);
    out.writeNull();
    out.writeEndArray();
    out.writeStringField("text", "x".repeat(300));
    out.writeBinaryField("bytes", new byte[70_000]);
    out.writeFieldName("time");
    writeArrival(out);
    out.writeEndObject();
  }

  private static void refused(String hex, String message) {
    byte[] body = HexFormat.of().parseHex(hex);
    assertThatThrownBy(() -> RecordsBody.reply(pieces(body, 3)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
  }

  private static ReadReply read(Writing writing) throws IOException {
    return RecordsBody.reply(pieces(bytes(writing), 10));
  }

  private static byte[] bytes(Writing writing) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CBORGenerator out = CBOR.createGenerator(bytes)) {
      writing.to(out);
    }
    return bytes.toByteArray();
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(UTF_8));
  }
}
