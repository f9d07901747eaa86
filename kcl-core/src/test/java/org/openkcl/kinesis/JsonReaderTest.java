package org.openkcl.kinesis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openkcl.kinesis.Bodies.ARRIVAL_MILLIS;
import static org.openkcl.kinesis.Bodies.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openkcl.retrieval.SubscriptionEvent;

/** Events of subscriptions written by another maker's JSON library, whole and in pieces, and nonsense. */
class JsonReaderTest {
  private static final KnownNames NAMES = new KnownNames("a", "b");

  @Test
  void anEventWithEverything() throws IOException {
    byte[] event = full();
    for (int size : new int[] {1, 2, 3, 7, 64, event.length}) {
      SubscriptionEvent read = RecordsBody.event(Bodies.pieces(event, size));
      assertThat(read.continuation()).isEqualTo("49");
      assertThat(read.millisBehindLatest()).isEqualTo(70_000);
      assertThat(read.childShards()).containsExactly(Bodies.CHILD);
      assertThat(read.records())
          .containsExactly(
              record("1", "cl\u00e9 \"\\\n\ud83d\ude00", "payload", true),
              record("2", "b", "", false));
      assertThat(read.bytes()).isEqualTo(7 + 9 + 1);
    }
  }

  @Test
  void whiteSpaceNullsAndMembersOfTomorrowArePassedOver() throws IOException {
    String json =
        " {\r\n\t\"Tomorrow\" : [ true , false, null, -1.5e3, {\"a\":{}, \"b\":[]}, \"x\\u0041\" ] ,"
            + " \"Records\" : null, \"ContinuationSequenceNumber\" : null ,\"ChildShards\":[ ],"
            + " \"MillisBehindLatest\" : null } \n";
    assertThat(RecordsBody.event(pieces(json, 5)))
        .isEqualTo(new SubscriptionEvent(List.of(), null, 0, List.of(), 0));
    assertThat(RecordsBody.event(pieces("{}", 1)))
        .isEqualTo(new SubscriptionEvent(List.of(), null, 0, List.of(), 0));
  }

  @Test
  void dataOfAnySizeInPiecesOfAnySize() throws IOException {
    Random random = new Random(3);
    for (int round = 0; round < 200; round++) {
      byte[] data = new byte[random.nextInt(5_000)];
      random.nextBytes(data);
      String json = "[\"" + Base64.getEncoder().encodeToString(data) + "\"]";
      JsonReader in = reader(json, 1 + random.nextInt(json.length()));
      in.beginArray();
      assertThat(in.hasNext()).isTrue();
      assertThat(in.bytes()).isEqualTo(ByteBuffer.wrap(data));
      assertThat(in.hasNext()).isFalse();
      in.end();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1764378000.123, 1764378000123, 1764378000",
    "1764378000.1239, 1764378000123, 1764378000",
    "1764378000.1, 1764378000100, 1764378000",
    "1764378000, 1764378000000, 1764378000",
    "1.764378000123E9, 1764378000123, 1764378000",
    "1764378000123000e-6, 1764378000123, 1764378000",
    "0, 0, 0",
    "-1.5, -1500, -1",
    "0.0005, 0, 0",
    "123456789012345678, 123456789012345678000, 123456789012345678"
  })
  void timesAreInSecondsAndNumbersLoseTheirFraction(String text, String millis, long number)
      throws IOException {
    assertThat(reader(text, 3).time(7)).isEqualTo(new BigDecimal(millis).longValue());
    assertThat(reader(text, 3).number(7)).isEqualTo(number);
  }

  @ParameterizedTest
  @CsvSource({
    "\\u0041\\/\\b, 'A/\b'",
    "x\\ud83d\\ude00y, x\ud83d\ude00y",
    "\\ud83dy, ?y",
    "\\ud83d\\n, '?\n'",
    "\\ud83d\\ud83d\\ude00, ?\ud83d\ude00",
    "\\ud83d, ?",
    "\\ude00, ?",
    "\u00e9\u20ac, \u00e9\u20ac"
  })
  void everyEscape(String json, String text) throws IOException {
    for (int size : new int[] {1, 2, 100}) {
      assertThat(reader('"' + json + '"', size).text()).isEqualTo(text);
    }
  }

  @Test
  void anEventThatEndsAnywhereElseIsRefused() throws IOException {
    byte[] event = full();
    for (int length = 0; length < event.length; length++) {
      byte[] cut = Arrays.copyOf(event, length);
      assertThatThrownBy(() -> RecordsBody.event(Bodies.pieces(cut, 16)))
          .as("cut to %d bytes", length)
          .isInstanceOf(IOException.class);
    }
    refused("{} {}", "2 bytes follow the end");
  }

  @Test
  void whatCannotBeIsRefused() {
    refused("", "Ends too early");
    refused("7", "Not a map: 7");
    refused("{\"a\":1,}", "Not a key: }");
    refused("{,\"a\":1}", "Not a key: ,");
    refused("{\"a\" 1}", "Not a colon: 1");
    refused("{\"a\":1 \"b\":2}", "Not a comma or an end: \"");
    refused("{\"a\":01x}", "Not a comma or an end: x");
    refused("{\"a\":+}", "Not a number: +");
    refused("{\"a\":1e999999999}", "Out of range");
    refused("{\"a\":" + "1".repeat(1_000) + "}", "Too long for a number");
    refused("{\"a\":nil}", "Not null: i");
    refused("{\"a\":\"\\x\"}", "Not an escape: x");
    refused("{\"a\":\"\\u00g0\"}", "Not a hexadecimal digit: g");
    refused("{\"a\":\"\u0001\"}", "Not a character of a string: 0x1");
    refused("{\"Records\":[{}]}", "No Data");
    refused("{\"Records\":[{\"Data\":\"a*==\"}]}", "Not bytes in Base64");
    refused("{\"Records\":[{\"Data\":7}]}", "Not bytes: 7");
    refused("{\"Records\":{}}", "Not an array: {");
    refused("{\"a\":" + "[".repeat(40), "Nested deeper than 32");
  }

  @Test
  void changedBytesGiveAnEventOrARefusalAndNothingElse() throws IOException {
    byte[] event = full();
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] changed = event.clone();
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      try {
        RecordsBody.event(Bodies.pieces(changed, 1 + random.nextInt(changed.length)));
      } catch (IOException expected) {
        refused++;
      }
    }
    assertThat(refused).isBetween(5_000, 20_000);
  }

  private static byte[] full() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = new JsonFactory().createGenerator(bytes)) {
      Bodies.writeFull(
          out,
          "clé \"\\\n\ud83d\ude00",
          "ContinuationSequenceNumber",
          "49",
          () -> out.writeNumber(BigDecimal.valueOf(ARRIVAL_MILLIS, 3)));
    }
    return bytes.toByteArray();
  }

  private static void refused(String json, String message) {
    for (int size : new int[] {1, 1_000}) {
      assertThatThrownBy(() -> RecordsBody.event(pieces(json, size)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(message);
    }
  }

  private static JsonReader reader(String json, int size) {
    return new JsonReader(pieces(json, size), NAMES);
  }

  private static List<ByteBuffer> pieces(String json, int size) {
    return Bodies.pieces(json.getBytes(UTF_8), size);
  }
}
