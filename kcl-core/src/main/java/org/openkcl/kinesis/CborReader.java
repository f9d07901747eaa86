package org.openkcl.kinesis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads CBOR that lies in several buffers, from front to back, without joining them. What it does
 * not know it can {@link #skip}. Lengths are believed only as far as there are bytes.
 *
 * <p>Every method throws {@link IOException} for what is no CBOR, ends too early, or is not of the
 * type that was asked for. Not thread-safe. Consumes the buffers.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8949">RFC 8949</a>
 */
final class CborReader {
  /** Replies of AWS are five levels deep. */
  private static final int MAX_DEPTH = 32;

  private static final int INDEFINITE = 31;
  private static final int BREAK = 0xFF;
  private static final int LENGTH_IN_HEAD_MAX = 23;
  private static final int TEXT_OF_ONE_BYTE_LENGTH = 0x78;
  private static final int NULL = 0xF6;
  private static final int UNDEFINED = 0xF7;

  private static final int UNSIGNED = 0;
  private static final int NEGATIVE = 1;
  private static final int BYTES = 2;
  private static final int TEXT = 3;
  private static final int ARRAY = 4;
  private static final int MAP = 5;
  private static final int TAG = 6;
  private static final int SIMPLE = 7;

  private static final int FLOAT = 26;
  private static final int DOUBLE = 27;

  private final Iterator<ByteBuffer> following;
  private final KnownNames names;
  private ByteBuffer current = ByteBuffer.allocate(0);
  private long remaining;
  private int depth;

  /** What is done with each entry of a map or item of an array; it reads or skips just that one. */
  @FunctionalInterface
  interface Part {
    void read() throws IOException;
  }

  /** What is done with the value of an entry of a map; it reads or skips just that value. */
  @FunctionalInterface
  interface Entry {
    void read(String key) throws IOException;
  }

  /**
   * @param names the keys that most maps have
   */
  CborReader(List<ByteBuffer> buffers, KnownNames names) {
    following = buffers.iterator();
    this.names = names;
    for (ByteBuffer each : buffers) {
      remaining += each.remaining();
    }
  }

  /** A map, or null, which has no entries. Its keys are text. */
  void map(Entry entry) throws IOException {
    collection(MAP, () -> entry.read(key()));
  }

  /** An array, or null, which has no items. */
  void array(Part item) throws IOException {
    collection(ARRAY, item);
  }

  /** Text; null for null. */
  @Nullable
  String text() throws IOException {
    int head = head();
    if (isNull(head)) {
      return null;
    }
    if (typeOf(head) != TEXT) {
      throw unexpected("text", head);
    }
    if (infoOf(head) == INDEFINITE) {
      return new String(joined(TEXT), UTF_8);
    }
    int length = length(head);
    if (current.remaining() >= length && current.hasArray()) {
      String text =
          new String(current.array(), current.arrayOffset() + current.position(), length, UTF_8);
      current.position(current.position() + length);
      remaining -= length;
      return text;
    }
    return new String(take(length), UTF_8);
  }

  /** Bytes in an array of their own; null for null. */
  byte @Nullable [] bytes() throws IOException {
    int head = head();
    if (isNull(head)) {
      return null;
    }
    if (typeOf(head) != BYTES) {
      throw unexpected("bytes", head);
    }
    return infoOf(head) == INDEFINITE ? joined(BYTES) : take(length(head));
  }

  /** A number, its fraction cut off; something else for null. */
  long number(long forNull) throws IOException {
    int head = head();
    if (isNull(head)) {
      return forNull;
    }
    return switch (typeOf(head)) {
      case UNSIGNED -> argument(head);
      case NEGATIVE -> -1 - argument(head);
      case SIMPLE -> fraction(head);
      default -> throw unexpected("a number", head);
    };
  }

  /** Passes over whatever comes next. */
  void skip() throws IOException {
    int head = head();
    switch (typeOf(head)) {
      case BYTES, TEXT -> {
        if (infoOf(head) == INDEFINITE) {
          joined(typeOf(head));
        } else {
          pass(length(head));
        }
      }
      case ARRAY -> parts(head, this::skip);
      case MAP ->
        parts(head, () -> {
          skip();
          skip();
        });
      default -> argument(head);
    }
  }

  /** Nothing may follow. */
  void end() throws IOException {
    if (remaining > 0) {
      throw new IOException(remaining + " bytes follow the end");
    }
  }

  /** A large reply has five times as many keys as records: those that are known are not made. */
  private @Nullable String knownKey() {
    if (current.remaining() < 2 || !current.hasArray()) {
      return null;
    }
    int at = current.position();
    int head = current.get(at) & 0xFF;
    boolean isLong = head == TEXT_OF_ONE_BYTE_LENGTH;
    if (typeOf(head) != TEXT || (!isLong && infoOf(head) > LENGTH_IN_HEAD_MAX)) {
      return null;
    }
    int header = isLong ? 2 : 1;
    int length = isLong ? current.get(at + 1) & 0xFF : infoOf(head);
    if (current.remaining() < header + length) {
      return null;
    }
    String known = names.find(current.array(), current.arrayOffset() + at + header, length);
    if (known != null) {
      current.position(at + header + length);
      remaining -= header + length;
    }
    return known;
  }

  private long fraction(int head) throws IOException {
    return switch (infoOf(head)) {
      case DOUBLE -> (long) Double.longBitsToDouble(argument(head));
      case FLOAT -> (long) Float.intBitsToFloat((int) argument(head));
      default -> throw unexpected("a number", head);
    };
  }

  private String key() throws IOException {
    String known = knownKey();
    if (known != null) {
      return known;
    }
    String key = text();
    if (key == null) {
      throw new IOException("null is a key");
    }
    return key;
  }

  private void collection(int type, Part part) throws IOException {
    int head = head();
    if (isNull(head)) {
      return;
    }
    if (typeOf(head) != type) {
      throw unexpected(type == MAP ? "a map" : "an array", head);
    }
    parts(head, part);
  }

  private void parts(int head, Part part) throws IOException {
    if (++depth > MAX_DEPTH) {
      throw new IOException("Nested deeper than " + MAX_DEPTH);
    }
    if (infoOf(head) == INDEFINITE) {
      while (!atBreak()) {
        part.read();
      }
    } else {
      for (int i = length(head); i > 0; i--) {
        part.read();
      }
    }
    depth--;
  }

  /** The next item's first byte, behind its tags, which say nothing that its place does not. */
  private int head() throws IOException {
    int head = next();
    while (typeOf(head) == TAG) {
      argument(head);
      head = next();
    }
    return head;
  }

  private boolean atBreak() throws IOException {
    if (buffer().get(current.position()) != (byte) BREAK) {
      return false;
    }
    next();
    return true;
  }

  private byte[] joined(int type) throws IOException {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    while (!atBreak()) {
      int head = next();
      if (typeOf(head) != type || infoOf(head) == INDEFINITE) {
        throw unexpected("a piece of a string", head);
      }
      joined.writeBytes(take(length(head)));
    }
    return joined.toByteArray();
  }

  /** How many bytes or parts follow; each takes at least a byte. */
  private int length(int head) throws IOException {
    long length = argument(head);
    if (length < 0 || length > remaining) {
      throw new IOException("Ends too early: " + remaining + " bytes are left of at least "
          + Long.toUnsignedString(length));
    }
    return (int) Math.min(length, Integer.MAX_VALUE);
  }

  private long argument(int head) throws IOException {
    int info = infoOf(head);
    return switch (info) {
      case 24 -> next();
      case 25 -> bigEndian(2);
      case 26 -> bigEndian(4);
      case 27 -> bigEndian(8);
      case 28, 29, 30, INDEFINITE -> throw unexpected("a length", head);
      default -> info;
    };
  }

  private long bigEndian(int count) throws IOException {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 8 | next();
    }
    return value;
  }

  private byte[] take(int length) throws IOException {
    byte[] taken = new byte[length];
    int done = 0;
    while (done < length) {
      int some = Math.min(length - done, buffer().remaining());
      current.get(taken, done, some);
      remaining -= some;
      done += some;
    }
    return taken;
  }

  private void pass(int length) throws IOException {
    int left = length;
    while (left > 0) {
      int some = Math.min(left, buffer().remaining());
      current.position(current.position() + some);
      remaining -= some;
      left -= some;
    }
  }

  private int next() throws IOException {
    byte next = buffer().get();
    remaining--;
    return next & 0xFF;
  }

  /** The buffer that holds the next byte. */
  private ByteBuffer buffer() throws IOException {
    while (!current.hasRemaining()) {
      if (!following.hasNext()) {
        throw new IOException("Ends too early");
      }
      current = following.next();
    }
    return current;
  }

  private static boolean isNull(int head) {
    return head == NULL || head == UNDEFINED;
  }

  private static int typeOf(int head) {
    return head >> 5;
  }

  private static int infoOf(int head) {
    return head & 0x1F;
  }

  private static IOException unexpected(String wanted, int head) {
    return new IOException("Not " + wanted + ": 0x" + Integer.toHexString(head));
  }
}
