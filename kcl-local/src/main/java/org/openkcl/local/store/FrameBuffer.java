package org.openkcl.local.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Frames that wait to be written, in one buffer that grows.
 *
 * <p>A frame is the length of its body, a checksum of that length, a checksum of the body, and the
 * body. The length has its own checksum so that a frame cut short by a crash can be told from one
 * whose length was damaged.
 */
final class FrameBuffer {
  /** Length and two checksums. */
  static final int HEADER_BYTES = 3 * Integer.BYTES;

  private static final int INITIAL_BYTES = 64 * 1024;

  /** A buffer that grew beyond this is let go once its frames are written. */
  private static final int KEPT_BYTES_MAX = 4 * 1024 * 1024;

  private ByteBuffer bytes = ByteBuffer.allocate(INITIAL_BYTES);
  private int frameStart;

  void begin() {
    frameStart = bytes.position();
    room(HEADER_BYTES).position(frameStart + HEADER_BYTES);
  }

  void end() {
    int length = bytes.position() - frameStart - HEADER_BYTES;
    bytes.putInt(frameStart, length);
    bytes.putInt(frameStart + Integer.BYTES, checksum(length));
    bytes.putInt(
        frameStart + 2 * Integer.BYTES, checksum(bytes.array(), frameStart + HEADER_BYTES, length));
  }

  void putByte(int value) {
    room(1).put((byte) value);
  }

  void putInt(int value) {
    room(Integer.BYTES).putInt(value);
  }

  void putLong(long value) {
    room(Long.BYTES).putLong(value);
  }

  /** With its length before it. */
  void putBytes(byte[] value) {
    room(Integer.BYTES + value.length).putInt(value.length).put(value);
  }

  void putText(String value) {
    putBytes(value.getBytes(UTF_8));
  }

  void putTextOrNull(@Nullable String value) {
    putByte(value == null ? 0 : 1);
    if (value != null) {
      putText(value);
    }
  }

  boolean isEmpty() {
    return bytes.position() == 0;
  }

  /** What waits, for reading; it stays until {@link #clear}. */
  ByteBuffer waiting() {
    return bytes.duplicate().flip();
  }

  void clear() {
    bytes = bytes.capacity() > KEPT_BYTES_MAX ? ByteBuffer.allocate(INITIAL_BYTES) : bytes.clear();
  }

  private ByteBuffer room(int more) {
    if (bytes.remaining() < more) {
      long wanted = Math.max(2L * bytes.capacity(), (long) bytes.position() + more);
      ByteBuffer larger = ByteBuffer.allocate(Math.toIntExact(wanted));
      larger.put(bytes.flip());
      bytes = larger;
    }
    return bytes;
  }

  static int checksum(int length) {
    return checksum(ByteBuffer.allocate(Integer.BYTES).putInt(length).array(), 0, Integer.BYTES);
  }

  static int checksum(byte[] body, int offset, int length) {
    CRC32 crc = new CRC32();
    crc.update(body, offset, length);
    return (int) crc.getValue();
  }
}
