package org.openkcl.samples.demo.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/** Reads a growing text file line by line. What stands after the last line break is not a line yet. */
final class LineTail {
  private final Path path;
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private long offset;
  private int lines;

  LineTail(Path path) {
    this.path = path;
  }

  /**
   * Hands over the lines that came since the last call.
   *
   * @throws IOException if the file cannot be read, or {@code line} refuses one with an {@link
   *     IllegalArgumentException}; the message names file and line
   */
  void poll(Consumer<String> line) throws IOException {
    for (byte next : newBytes()) {
      if (next == '\n') {
        accept(begun.toString(UTF_8), line);
        begun.reset();
      } else {
        begun.write(next);
      }
    }
  }

  private byte[] newBytes() throws IOException {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      InputStream in = Channels.newInputStream(file.position(offset));
      byte[] bytes = in.readAllBytes();
      offset += bytes.length;
      return bytes;
    }
  }

  private void accept(String text, Consumer<String> line) throws IOException {
    lines++;
    try {
      line.accept(text);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          path + " line " + lines + " is no line of a ledger: '" + text + "': " + e.getMessage(),
          e);
    }
  }
}
