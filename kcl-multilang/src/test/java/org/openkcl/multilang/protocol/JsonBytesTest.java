package org.openkcl.multilang.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is read back by a JSON parser of another maker. */
class JsonBytesTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final JsonBytes json = new JsonBytes(out);
  private final Random random = new Random(7);

  @Test
  void everyCharacterComesBack() throws IOException {
    StringBuilder all = new StringBuilder();
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint += step(codePoint)) {
      if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
        all.appendCodePoint(codePoint);
      }
    }
    json.text(all.toString()).flush();
    try (JsonParser parser = parser()) {
      parser.nextToken();
      assertThat(parser.getText()).isEqualTo(all.toString());
    }
  }

  private static int step(int codePoint) {
    return codePoint < 0x3000 ? 1 : 61;
  }

  @Test
  void halfACharacterIsEscaped() throws IOException {
    json.text("a\ud83db\ude00").flush();
    assertThat(out.toString(UTF_8)).isEqualTo("\"a\\ud83db\\ude00\"");
  }

  @Test
  void aPairMayBeginWhereTheBufferIsSeenTo() throws IOException {
    for (int before = 1020; before < 1030; before++) {
      String text = "x".repeat(before) + "\ud83d\ude00".repeat(3);
      out.reset();
      json.text(text).flush();
      assertThat(out.toString(UTF_8)).isEqualTo('"' + text + '"');
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 7, 10, 99, 100, 1_700_000_000_123L, Long.MAX_VALUE, -1, Long.MIN_VALUE})
  void numbersAreWrittenInFull(long number) throws IOException {
    json.number(number).flush();
    assertThat(out.toString(UTF_8)).isEqualTo(Long.toString(number));
  }

  @Test
  void dataOfEveryLengthComesBack() throws IOException {
    for (int length = 0; length < 800; length++) {
      comesBack(length);
    }
    for (int length : new int[] {1023, 1024, 3072, 65_535, 65_536, 1_048_576}) {
      comesBack(length);
    }
  }

  private void comesBack(int length) throws IOException {
    byte[] data = new byte[length];
    random.nextBytes(data);
    out.reset();
    json.base64(ByteBuffer.wrap(data).asReadOnlyBuffer()).flush();
    try (JsonParser parser = parser()) {
      parser.nextToken();
      assertThat(parser.getBinaryValue()).as("%d bytes", length).isEqualTo(data);
    }
  }

  private JsonParser parser() throws IOException {
    return new JsonFactory().createParser(out.toByteArray());
  }
}
