package org.openkcl.kinesis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads CBOR. Bytes stay where they came, unless they lie in several buffers, or in one of more than
 * {@link #KEPT_PER_BYTE_MAX} times their length: whoever keeps them keeps it. Times are in
 * milliseconds, as AWS writes them.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8949">RFC 8949</a>
 */
final class CborReader extends BodyReader {
  /** How many bytes may be kept for one that is asked for. */
  static final int KEPT_PER_BYTE_MAX = 32;

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

  /** What is left of a map or array that ends with a break. */
  private static final int UNTIL_BREAK = -1;

  /** How many parts are left of each map or array that is being read, the innermost last. */
  private final int[] left = new int[MAX_DEPTH];

  private int depth;

  /**
   * @param buffers are not changed
   * @param names the keys that most maps have
   */
  CborReader(List<ByteBuffer> buffers, KnownNames names) {
    super(buffers, names);
  }

  @Override
  void beginMap() throws IOException {
    begin(MAP, "a map");
  }

  @Override
  void beginArray() throws IOException {
    begin(ARRAY, "an array");
  }

  @Override
  boolean hasNext() throws IOException {
    int parts = left[depth - 1];
    if (parts == UNTIL_BREAK ? atBreak() : parts == 0) {
      depth--;
      return false;
    }
    if (parts > 0) {
      left[depth - 1] = parts - 1;
    }
    return true;
  }

  @Override
  String key() throws IOException {
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

  @Override
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
    if (length > end - next) {
      return new String(taken(length), UTF_8);
    }
    String text = new String(bytes, next, length, UTF_8);
    next += length;
    return text;
  }

  @Override
  @Nullable
  ByteBuffer bytes() throws IOException {
    int head = head();
    if (isNull(head)) {
      return null;
    }
    if (typeOf(head) != BYTES) {
      throw unexpected("bytes", head);
    }
    if (infoOf(head) == INDEFINITE) {
      return ByteBuffer.wrap(joined(BYTES));
    }
    int length = length(head);
    if (length > end - next || (long) length * KEPT_PER_BYTE_MAX < bytes.length) {
      return ByteBuffer.wrap(taken(length));
    }
    ByteBuffer here = ByteBuffer.wrap(bytes, next, length);
    next += length;
    return here;
  }

  @Override
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

  @Override
  long time(long forNull) throws IOException {
    return number(forNull);
  }

  @Override
  void skip() throws IOException {
    int head = head();
    int type = typeOf(head);
    switch (type) {
      case BYTES, TEXT -> {
        if (infoOf(head) == INDEFINITE) {
          joined(type);
        } else {
          pass(length(head));
        }
      }
      case ARRAY, MAP -> {
        open(head);
        while (hasNext()) {
          if (type == MAP) {
            skip();
          }
          skip();
        }
      }
      default -> argument(head);
    }
  }

  @Override
  void end() throws IOException {
    if (remaining() > 0) {
      throw new IOException(remaining() + " bytes follow the end");
    }
  }

  private void begin(int type, String wanted) throws IOException {
    int head = head();
    if (isNull(head)) {
      push(0);
    } else if (typeOf(head) == type) {
      open(head);
    } else {
      throw unexpected(wanted, head);
    }
  }

  private void open(int head) throws IOException {
    push(infoOf(head) == INDEFINITE ? UNTIL_BREAK : length(head));
  }

  private void push(int parts) throws IOException {
    if (depth == MAX_DEPTH) {
      throw new IOException("Nested deeper than " + MAX_DEPTH);
    }
    left[depth++] = parts;
  }

  /** A large reply has five times as many keys as records. */
  private @Nullable String knownKey() {
    if (end - next < 2) {
      return null;
    }
    int head = bytes[next] & 0xFF;
    boolean isLong = head == TEXT_OF_ONE_BYTE_LENGTH;
    if (typeOf(head) != TEXT || (!isLong && infoOf(head) > LENGTH_IN_HEAD_MAX)) {
      return null;
    }
    int from = next + (isLong ? 2 : 1);
    int length = isLong ? bytes[next + 1] & 0xFF : infoOf(head);
    if (length > end - from) {
      return null;
    }
    String known = names.find(bytes, from, length);
    if (known != null) {
      next = from + length;
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

  /** The next item's first byte, behind its tags, which say nothing that its place does not. */
  private int head() throws IOException {
    int head = next();
    while (typeOf(head) == TAG) {
      argument(head);
      head = next();
    }
    return head;
  }

  /** Passes over a break, if that is what comes next. */
  private boolean atBreak() throws IOException {
    if (next == end) {
      nextBuffer();
    }
    if (bytes[next] != (byte) BREAK) {
      return false;
    }
    next++;
    return true;
  }

  private byte[] joined(int type) throws IOException {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    while (!atBreak()) {
      int head = next();
      if (typeOf(head) != type || infoOf(head) == INDEFINITE) {
        throw unexpected("a piece of a string", head);
      }
      joined.writeBytes(taken(length(head)));
    }
    return joined.toByteArray();
  }

  /** How many bytes or parts follow; each takes at least a byte. */
  private int length(int head) throws IOException {
    long length = argument(head);
    if (length < 0 || length > remaining()) {
      throw new IOException("Ends too early: " + remaining() + " bytes are left of at least "
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

  /** The next bytes in an array of their own. */
  private byte[] taken(int length) throws IOException {
    byte[] taken = new byte[length];
    int done = 0;
    while (done < length) {
      if (next == end) {
        nextBuffer();
      }
      int some = Math.min(length - done, end - next);
      System.arraycopy(bytes, next, taken, done, some);
      next += some;
      done += some;
    }
    return taken;
  }

  private void pass(int length) throws IOException {
    int rest = length;
    while (rest > 0) {
      if (next == end) {
        nextBuffer();
      }
      int some = Math.min(rest, end - next);
      next += some;
      rest -= some;
    }
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
