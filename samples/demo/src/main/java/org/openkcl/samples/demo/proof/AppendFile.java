package org.openkcl.samples.demo.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE_NEW;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A text file that only grows. What {@link #append} returned from is in the operating system's
 * hands: it survives {@code kill -9} of the JVM, though not of the machine.
 */
final class AppendFile implements AutoCloseable {
  private final FileChannel file;

  /** Creates the file, and its directory if need be; the file must be new. */
  AppendFile(Path path) throws IOException {
    Files.createDirectories(path.toAbsolutePath().getParent());
    file = FileChannel.open(path, CREATE_NEW, APPEND);
  }

  void append(String lines) throws IOException {
    ByteBuffer bytes = UTF_8.encode(lines);
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
