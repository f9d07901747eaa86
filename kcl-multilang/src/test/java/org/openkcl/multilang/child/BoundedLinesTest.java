package org.openkcl.multilang.child;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class BoundedLinesTest {

  @Test
  void readsLinesWithEitherEndAndALastOneWithout() throws IOException {
    BoundedLines lines = lines("one\r\n\ntwö\nlast", 100);
    assertThat(lines.read()).isEqualTo(new BoundedLines.Line("one", true));
    assertThat(lines.read()).isEqualTo(new BoundedLines.Line("", true));
    assertThat(lines.read()).isEqualTo(new BoundedLines.Line("twö", true));
    assertThat(lines.read()).isEqualTo(new BoundedLines.Line("last", true));
    assertThat(lines.read()).isNull();
  }

  @Test
  void keepsTheBeginningOfALongLineAndGoesOnBehindIt() throws IOException {
    BoundedLines lines = lines("x".repeat(100_000) + "\nnext\n", 10);
    assertThat(lines.read()).isEqualTo(new BoundedLines.Line("x".repeat(10), false));
    assertThat(lines.read()).isEqualTo(new BoundedLines.Line("next", true));
    assertThat(lines.read()).isNull();
  }

  private static BoundedLines lines(String text, int bytesMax) {
    return new BoundedLines(new ByteArrayInputStream(text.getBytes(UTF_8)), bytesMax);
  }
}
