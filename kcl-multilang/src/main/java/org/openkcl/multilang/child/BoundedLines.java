package org.openkcl.multilang.child;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a process's output, in UTF-8. Of a line that is longer than allowed only the beginning is
 * kept, so that no output can fill the heap. Not thread-safe; reading blocks.
 */
final class BoundedLines {
  private static final int CHUNK_BYTES = 8 * 1024;

  private final InputStream in;
  private final int bytesMax;
  private final byte[] chunk = new byte[CHUNK_BYTES];
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private int next;
  private int end;

  /**
   * A line without its end.
   *
   * @param isWhole false when only its beginning was kept
   */
  record Line(String text, boolean isWhole) {}

  BoundedLines(InputStream in, int bytesMax) {
    this.in = in;
    this.bytesMax = bytesMax;
  }

  /** The next line, also a last one without an end; null when there is none any more. */
  @Nullable
  Line read() throws IOException {
    line.reset();
    boolean whole = true;
    boolean any = false;
    while (next < end || fill()) {
      any = true;
      int from = next;
      while (next < end && chunk[next] != '\n') {
        next++;
      }
      int kept = Math.min(next - from, bytesMax - line.size());
      line.write(chunk, from, kept);
      whole &= kept == next - from;
      if (next < end) {
        next++;
        return line(whole);
      }
    }
    return any ? line(whole) : null;
  }

  private boolean fill() throws IOException {
    next = 0;
    end = Math.max(0, in.read(chunk));
    return end > 0;
  }

  private Line line(boolean whole) {
    String text = line.toString(UTF_8);
    boolean windows = text.endsWith("\r");
    return new Line(windows ? text.substring(0, text.length() - 1) : text, whole);
  }
}
