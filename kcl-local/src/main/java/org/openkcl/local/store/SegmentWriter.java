package org.openkcl.local.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/** The segment that is being written. */
final class SegmentWriter implements AutoCloseable {
  final Segment segment;
  private final FileChannel channel;
  private long written;

  /** Creates the segment's file; what a failed attempt left of it is gone. */
  SegmentWriter(Segment segment) throws IOException {
    this.segment = segment;
    this.channel = FileChannel.open(
        segment.file, StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    write(ByteBuffer.wrap(SegmentReader.MAGIC));
  }

  /**
   * Hands bytes to the operating system. After a failure they may be written again: what arrived of
   * them is then written over.
   */
  void write(ByteBuffer bytes) throws IOException {
    long place = written;
    while (bytes.hasRemaining()) {
      place += channel.write(bytes, place);
    }
    written = place;
  }

  /** How long the file is. */
  long written() {
    return written;
  }

  /** Waits until all that was written is on the disk. */
  void sync() throws IOException {
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
