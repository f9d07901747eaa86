package org.openkcl.kinesis;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body that lies in several buffers, from front to back, without joining them. Whoever uses it
 * says what comes next: a map or an array is begun, and while it {@link #hasNext} each of its entries
 * or items is read or {@linkplain #skip skipped}. Lengths are believed only as far as there are bytes.
 *
 * <p>Every method throws {@link IOException} for what is not in the body's format, ends too early, or is
 * not of the type that was asked for. Not thread-safe.
 */
abstract class BodyReader {
  /** Replies of AWS are five levels deep. */
  static final int MAX_DEPTH = 32;

  private final Iterator<ByteBuffer> following;

  /** How many bytes there are in the buffers that follow. */
  private long behind;

  /** The keys that most maps have. */
  final KnownNames names;

  // What is read now: the bytes of one buffer from next until end.
  byte[] bytes = new byte[0];
  int next;
  int end;

  /**
   * @param buffers are not changed
   * @param names the keys that most maps have
   */
  BodyReader(List<ByteBuffer> buffers, KnownNames names) {
    this.names = names;
    following = buffers.iterator();
    for (ByteBuffer each : buffers) {
      behind += each.remaining();
    }
  }

  /** Begins a map, or null, which has no entries: a {@link #key} and a value each. */
  abstract void beginMap() throws IOException;

  /** Begins an array, or null, which has no items. */
  abstract void beginArray() throws IOException;

  /** Whether the map or array begun last has another part; ends it when it has none. */
  abstract boolean hasNext() throws IOException;

  /** The key of a map's next entry. */
  abstract String key() throws IOException;

  /** Text; null for null. */
  abstract @Nullable String text() throws IOException;

  /** Bytes; null for null. */
  abstract @Nullable ByteBuffer bytes() throws IOException;

  /** A number, its fraction cut off; something else for null. */
  abstract long number(long forNull) throws IOException;

  /** A time, in milliseconds of the epoch; something else for null. */
  abstract long time(long forNull) throws IOException;

  /** Passes over whatever comes next. */
  abstract void skip() throws IOException;

  /** Nothing may follow. */
  abstract void end() throws IOException;

  /** The next byte, which is passed over. */
  final int next() throws IOException {
    if (next == end) {
      nextBuffer();
    }
    return bytes[next++] & 0xFF;
  }

  final long remaining() {
    return behind + end - next;
  }

  /** Goes on to the next buffer with bytes. */
  final void nextBuffer() throws IOException {
    while (next == end) {
      if (!following.hasNext()) {
        throw new IOException("Ends too early");
      }
      ByteBuffer buffer = following.next();
      behind -= buffer.remaining();
      if (buffer.hasArray()) {
        bytes = buffer.array();
        next = buffer.arrayOffset() + buffer.position();
        end = next + buffer.remaining();
      } else {
        bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        next = 0;
        end = bytes.length;
      }
    }
  }
}
