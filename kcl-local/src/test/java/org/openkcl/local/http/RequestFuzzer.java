package org.openkcl.local.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes up requests, most of them wrong: for one seed always the same ones. */
final class RequestFuzzer {
  private static final List<String> MEMBERS = List.of(
      "StreamName",
      "StreamARN",
      "ResourceARN",
      "ConsumerARN",
      "ConsumerName",
      "ShardId",
      "ShardCount",
      "PartitionKey",
      "ExplicitHashKey",
      "Data",
      "Records",
      "ShardIterator",
      "ShardIteratorType",
      "StartingSequenceNumber",
      "StartingPosition",
      "Timestamp",
      "Limit",
      "NextToken",
      "MaxResults",
      "ShardFilter",
      "Type",
      "ExclusiveStartShardId",
      "ShardToSplit",
      "NewStartingHashKey",
      "ShardToMerge",
      "AdjacentShardToMerge",
      "TargetShardCount",
      "ScalingType",
      "StreamModeDetails",
      "StreamMode",
      "Tags",
      "TagKeys",
      "RetentionPeriodHours",
      "EncryptionType",
      "KeyId",
      "ShardLevelMetrics",
      "Policy",
      "MaxRecordSizeInKiB",
      "WarmThroughputMiBps",
      "SequenceNumberForOrdering",
      "SequenceNumber",
      "ExclusiveStartStreamName",
      "ExclusiveStartTagKey",
      "EnforceConsumerDeletion",
      "MinimumThroughputBillingCommitment",
      "Status",
      "StreamCreationTimestamp");

  private static final List<String> TEXTS = List.of(
      "",
      "fuzz",
      "orders",
      "shardId-000000000000",
      "shardId-999999999999",
      "shardId-x",
      "arn:aws:kinesis:us-east-1:000000000000:stream/fuzz",
      "arn:aws:kinesis:us-east-1:000000000000:stream/fuzz/consumer/c:1",
      "arn:aws:kinesis:eu-west-1:111111111111:stream/fuzz",
      "arn:aws:kinesis",
      "::::::/",
      "TRIM_HORIZON",
      "LATEST",
      "AT_TIMESTAMP",
      "AT_SEQUENCE_NUMBER",
      "UNIFORM_SCALING",
      "KMS",
      "ON_DEMAND",
      "PROVISIONED",
      "AT_TRIM_HORIZON",
      "ALL",
      "0",
      "-1",
      "1",
      "340282366920938463463374607431768211455",
      "340282366920938463463374607431768211456",
      "9".repeat(400),
      "AAAA",
      "SQAAAAAA",
      "{\"Statement\":[]}",
      "{",
      "\u0000",
      "\ud800",
      "\udc00x",
      "\ud83d\ude00".repeat(300),
      "%s%n",
      "../..",
      "alias/none");

  private static final List<Object> NUMBERS = List.of(
      0,
      1,
      -1,
      24,
      1_000,
      10_240,
      Integer.MAX_VALUE,
      Integer.MIN_VALUE,
      Long.MAX_VALUE,
      Long.MIN_VALUE,
      1e308,
      -0.5,
      Double.NaN,
      Double.POSITIVE_INFINITY,
      BigInteger.TEN.pow(300),
      new BigDecimal("1e-999"),
      new BigDecimal("1e999999"));

  private static final List<String> CONTENT_TYPES = List.of(
      "application/x-amz-json-1.1",
      "application/x-amz-cbor-1.1",
      "application/json",
      "text/plain",
      "application/x-amz-cbor-1.1; charset=x",
      "multipart/form-data",
      "");

  private final Random random;
  private final List<String> operations;

  RequestFuzzer(long seed, List<String> operations) {
    this.random = new Random(seed);
    this.operations = operations;
  }

  /** A request to send. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Request(String target, String contentType, byte[] body) {}

  /** The {@code n}th request; each operation has its turn. */
  Request next(int n) throws IOException {
    String operation = operations.get(n % operations.size());
    String target = chance(50)
        ? one(List.of("Kinesis_20131202.", "", "Kinesis_20131202." + operation + "x", "x.y", "."))
        : "Kinesis_20131202." + operation;
    boolean cbor = random.nextBoolean();
    String contentType =
        chance(12) ? one(CONTENT_TYPES) : "application/x-amz-" + (cbor ? "cbor" : "json") + "-1.1";
    JsonFactory json =
        JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    return new Request(target, contentType, damaged(encoded(cbor ? new CBORFactory() : json)));
  }

  private byte[] encoded(JsonFactory format) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = format.createGenerator(bytes)) {
      if (chance(25)) {
        value(out, chance(4) ? 400 : 3);
      } else {
        object(out, 3);
      }
    }
    return bytes.toByteArray();
  }

  private void object(JsonGenerator out, int depth) throws IOException {
    out.writeStartObject();
    if (!chance(4)) {
      out.writeStringField("StreamName", "fuzz");
    }
    int members = random.nextInt(6);
    for (int i = 0; i < members; i++) {
      out.writeFieldName(one(MEMBERS));
      value(out, depth);
    }
    out.writeEndObject();
  }

  private void value(JsonGenerator out, int depth) throws IOException {
    switch (random.nextInt(depth > 0 ? 8 : 6)) {
      case 0, 1 -> text(out, one(TEXTS));
      case 2, 3 -> number(out, one(NUMBERS));
      case 4 -> out.writeBoolean(random.nextBoolean());
      case 5 -> bytes(out);
      case 6 -> {
        out.writeStartArray();
        for (int i = random.nextInt(4); i >= 0; i--) {
          value(out, depth - 1);
        }
        out.writeEndArray();
      }
      default -> object(out, depth - 1);
    }
  }

  /** A surrogate without its partner goes into JSON escaped; there is no CBOR for it. */
  private static void text(JsonGenerator out, String text) throws IOException {
    if (out instanceof CBORGenerator && !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      out.writeString("?");
    } else {
      out.writeString(text);
    }
  }

  private void bytes(JsonGenerator out) throws IOException {
    if (chance(3)) {
      out.writeNull();
    } else {
      byte[] data = new byte[random.nextInt(64)];
      random.nextBytes(data);
      out.writeBinary(data);
    }
  }

  private static void number(JsonGenerator out, Object number) throws IOException {
    if (number instanceof Integer small) {
      out.writeNumber(small);
    } else if (number instanceof Long large) {
      out.writeNumber(large);
    } else if (number instanceof Double fraction) {
      out.writeNumber(fraction);
    } else if (number instanceof BigInteger huge) {
      out.writeNumber(huge);
    } else {
      out.writeNumber((BigDecimal) number);
    }
  }

  private byte[] damaged(byte[] body) {
    switch (random.nextInt(9)) {
      case 0 -> {
        return Arrays.copyOf(body, random.nextInt(body.length + 1));
      }
      case 1 -> {
        byte[] flipped = body.clone();
        for (int i = 0; i < 3 && flipped.length > 0; i++) {
          flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
      }
      case 2 -> {
        byte[] noise = new byte[random.nextInt(200)];
        random.nextBytes(noise);
        return noise;
      }
      case 3 -> {
        return inserted(body);
      }
      default -> {
        return body;
      }
    }
  }

  /** Escapes and bytes that are no UTF-8, nesting, and lengths that promise too much. */
  private byte[] inserted(byte[] body) {
    List<byte[]> pieces = new ArrayList<>(List.of(
        "\\ud800".getBytes(StandardCharsets.UTF_8),
        new byte[] {(byte) 0xc0, (byte) 0x80, (byte) 0xff},
        "[".repeat(3_000).getBytes(StandardCharsets.UTF_8),
        "{\"a\":".repeat(3_000).getBytes(StandardCharsets.UTF_8),
        new byte[] {0x7b, 0x7f, -1, -1, -1, -1, -1, -1, -1},
        new byte[] {0x5a, 0x7f, -1, -1, -1},
        new byte[] {(byte) 0x9a, 0x7f, -1, -1, -1},
        new byte[] {(byte) 0xc2, 0x5a, 0x00, 0x10, 0x00, 0x00}));
    byte[] piece = one(pieces);
    int at = random.nextInt(body.length + 1);
    byte[] longer = Arrays.copyOf(body, body.length + piece.length);
    System.arraycopy(piece, 0, longer, at, piece.length);
    System.arraycopy(body, at, longer, at + piece.length, body.length - at);
    return longer;
  }

  private boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  private <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
