package org.openkcl.local.store;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames of a segment in order.
 *
 * <p>The end of the last segment may be torn: a process that is killed, or a machine that stops,
 * leaves a frame that is cut short, or zeros in the place of what did not arrive. Nothing there was
 * acknowledged. Anything else that is not a whole frame is damage.
 */
final class SegmentReader implements AutoCloseable {
  /** What every segment begins with; the last byte is the version of the format. */
  static final byte[] MAGIC = {'K', 'C', 'L', 'L', 'O', 'C', 'A', 'L', 0, 0, 0, 1};

  private final Path file;
  private final boolean mayBeTorn;
  private final DataInputStream in;
  private long position;
  private long remaining;

  private SegmentReader(Path file, boolean mayBeTorn, DataInputStream in, long size) {
    this.file = file;
    this.mayBeTorn = mayBeTorn;
    this.in = in;
    this.remaining = size;
  }

  /**
   * Opens a segment.
   *
   * @param mayBeTorn whether it is the last one
   */
  static SegmentReader open(Path file, boolean mayBeTorn) throws IOException {
    DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
    SegmentReader reader = new SegmentReader(file, mayBeTorn, in, Files.size(file));
    try {
      reader.readMagic();
      return reader;
    } catch (IOException | RuntimeException failure) {
      in.close();
      throw failure;
    }
  }

  private void readMagic() throws IOException {
    if (remaining < MAGIC.length) {
      endHere();
      return;
    }
    byte[] magic = in.readNBytes(MAGIC.length);
    if (!Arrays.equals(magic, MAGIC)) {
      if (isTorn(magic)) {
        endHere();
        return;
      }
      throw new DamagedFolderException(file
          + " is no log of kcl-local, or one of another version. Move the folder away to start with"
          + " an empty one.");
    }
    advance(MAGIC.length);
  }

  /** The body of the next frame; null at the end. */
  @Nullable
  ByteBuffer next() throws IOException {
    if (remaining < FrameBuffer.HEADER_BYTES) {
      return remaining == 0 ? null : endHere();
    }
    byte[] header = in.readNBytes(FrameBuffer.HEADER_BYTES);
    ByteBuffer fields = ByteBuffer.wrap(header);
    int length = fields.getInt();
    if (fields.getInt() != FrameBuffer.checksum(length) || length < 1) {
      if (isTorn(header)) {
        return endHere();
      }
      throw damaged();
    }
    if (remaining < FrameBuffer.HEADER_BYTES + (long) length) {
      return endHere();
    }
    byte[] body = in.readNBytes(length);
    if (fields.getInt() != FrameBuffer.checksum(body, 0, length)) {
      if (isTorn(body)) {
        return endHere();
      }
      throw damaged();
    }
    advance(FrameBuffer.HEADER_BYTES + (long) length);
    return ByteBuffer.wrap(body);
  }

  /** Where the frames that were read end. */
  long position() {
    return position;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void advance(long bytes) {
    position += bytes;
    remaining -= bytes;
  }

  private @Nullable ByteBuffer endHere() {
    if (!mayBeTorn) {
      throw damaged();
    }
    remaining = 0;
    return null;
  }

  /** Whether a piece was cut short and zeros take the place of the rest of it and of the file. */
  private boolean isTorn(byte[] piece) throws IOException {
    if (!mayBeTorn || piece[piece.length - 1] != 0) {
      return false;
    }
    for (int each = in.read(); each >= 0; each = in.read()) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }

  private DamagedFolderException damaged() {
    return new DamagedFolderException(file
        + " is damaged at byte "
        + position
        + ": what stands there is not what was written, and more comes after it. Restore the folder"
        + " from a copy, or move it away to start with an empty one.");
  }
}
