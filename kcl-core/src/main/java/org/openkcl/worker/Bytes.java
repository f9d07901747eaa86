package org.openkcl.worker;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Copies between byte buffers and the arrays of the public interface. */
final class Bytes {
  private Bytes() {}

  static byte @Nullable [] of(@Nullable ByteBuffer buffer) {
    if (buffer == null) {
      return null;
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
