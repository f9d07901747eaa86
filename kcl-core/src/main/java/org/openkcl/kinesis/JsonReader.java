package org.openkcl.kinesis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON in UTF-8. Bytes are in Base64, times in seconds.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259</a>
 */
final class JsonReader extends BodyReader {
  private static final int HEX = 16;
  private static final int MILLIS_DIGITS = 3;

  /** So many digits fit into a long whatever they are. */
  private static final int DIGITS_MAX = 18;

  /** Far more than any number of AWS has, and little enough to be worked with. */
  private static final int NUMBER_CHARACTERS_MAX = 64;

  private static final int EXPONENT_MAX = 400;

  /** What ends each map or array that is being read, the innermost last; 0 for null. */
  private final byte[] closing = new byte[MAX_DEPTH];

  private int depth;

  /** Whether the map or array begun last has had no part yet. */
  private boolean first;

  /**
   * @param buffers are not changed
   * @param names the keys that most maps have
   */
  JsonReader(List<ByteBuffer> buffers, KnownNames names) {
    super(buffers, names);
  }

  @Override
  void beginMap() throws IOException {
    begin('{', '}', "a map");
  }

  @Override
  void beginArray() throws IOException {
    begin('[', ']', "an array");
  }

  @Override
  boolean hasNext() throws IOException {
    byte close = closing[depth - 1];
    if (close == 0) {
      return ended();
    }
    int c = peek();
    if (c == close) {
      next++;
      return ended();
    }
    if (!first) {
      if (c != ',') {
        throw unexpected("a comma or an end", c);
      }
      next++;
    }
    first = false;
    return true;
  }

  private boolean ended() {
    depth--;
    first = false;
    return false;
  }

  @Override
  String key() throws IOException {
    openString("a key");
    String key = knownKey();
    if (key == null) {
      key = new String(string(), UTF_8);
    }
    int c = peek();
    if (c != ':') {
      throw unexpected("a colon", c);
    }
    next++;
    return key;
  }

  @Override
  @Nullable
  String text() throws IOException {
    if (isNull()) {
      return null;
    }
    openString("text");
    int length = plainLength();
    if (length < 0) {
      return new String(string(), UTF_8);
    }
    String text = new String(bytes, next, length, UTF_8);
    next += length + 1;
    return text;
  }

  @Override
  @Nullable
  ByteBuffer bytes() throws IOException {
    if (isNull()) {
      return null;
    }
    openString("bytes");
    int length = plainLength();
    try {
      if (length < 0) {
        return ByteBuffer.wrap(Base64.getDecoder().decode(string()));
      }
      ByteBuffer decoded = Base64.getDecoder().decode(ByteBuffer.wrap(bytes, next, length));
      next += length + 1;
      return decoded;
    } catch (IllegalArgumentException noBase64) {
      throw new IOException("Not bytes in Base64: " + noBase64.getMessage(), noBase64);
    }
  }

  @Override
  long number(long forNull) throws IOException {
    return isNull() ? forNull : number(0);
  }

  @Override
  long time(long forNull) throws IOException {
    return isNull() ? forNull : number(MILLIS_DIGITS);
  }

  @Override
  void skip() throws IOException {
    int c = peek();
    switch (c) {
      case '{', '[' -> {
        begin(c, c + 2, "");
        while (hasNext()) {
          if (c == '{') {
            key();
          }
          skip();
        }
      }
      case '"' -> {
        next++;
        string();
      }
      case 't' -> literal("true");
      case 'f' -> literal("false");
      case 'n' -> literal("null");
      default -> number(0);
    }
  }

  @Override
  void end() throws IOException {
    while (remaining() > 0) {
      if (!isSpace(next())) {
        throw new IOException(remaining() + 1 + " bytes follow the end");
      }
    }
  }

  private void begin(int open, int close, String wanted) throws IOException {
    if (depth == MAX_DEPTH) {
      throw new IOException("Nested deeper than " + MAX_DEPTH);
    }
    if (isNull()) {
      closing[depth++] = 0;
      return;
    }
    int c = peek();
    if (c != open) {
      throw unexpected(wanted, c);
    }
    next++;
    closing[depth++] = (byte) close;
    first = true;
  }

  /** The next character that is no white space; it is not passed over. */
  private int peek() throws IOException {
    while (true) {
      if (next == end) {
        nextBuffer();
      }
      int c = bytes[next] & 0xFF;
      if (!isSpace(c)) {
        return c;
      }
      next++;
    }
  }

  private static boolean isSpace(int c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  private void openString(String wanted) throws IOException {
    int c = peek();
    if (c != '"') {
      throw unexpected(wanted, c);
    }
    next++;
  }

  private @Nullable String knownKey() {
    int length = plainLength();
    String known = length < 0 ? null : names.find(bytes, next, length);
    if (known != null) {
      next += length + 1;
    }
    return known;
  }

  /** How long the string is whose rest comes next; -1 if it has escapes or goes on in another buffer. */
  private int plainLength() {
    byte[] in = bytes;
    for (int at = next; at < end; at++) {
      byte c = in[at];
      if (c == '"') {
        return at - next;
      }
      if (c == '\\' || (c >= 0 && c < ' ')) {
        return -1;
      }
    }
    return -1;
  }

  /** The rest of a string with its end, which is passed over. Half a character is a question mark. */
  private byte[] string() throws IOException {
    ByteArrayOutputStream string = new ByteArrayOutputStream();
    char half = 0;
    while (true) {
      int from = next;
      while (next < end && isPlain(bytes[next])) {
        next++;
      }
      if (half != 0 && next > from) {
        string.write('?');
        half = 0;
      }
      string.write(bytes, from, next - from);
      if (next == end) {
        nextBuffer();
        continue;
      }
      char escaped = 0;
      int c = next();
      if (c == '\\') {
        escaped = escaped();
      } else if (c != '"') {
        throw unexpected("a character of a string", c);
      }
      if (half != 0 && Character.isLowSurrogate(escaped)) {
        string.writeBytes(new String(new char[] {half, escaped}).getBytes(UTF_8));
        half = 0;
        continue;
      }
      if (half != 0) {
        string.write('?');
      }
      if (c == '"') {
        return string.toByteArray();
      }
      half = Character.isHighSurrogate(escaped) ? escaped : 0;
      if (half == 0) {
        string.writeBytes(String.valueOf(escaped).getBytes(UTF_8));
      }
    }
  }

  private static boolean isPlain(byte c) {
    return c != '"' && c != '\\' && (c < 0 || c >= ' ');
  }

  /** What the characters behind a backslash stand for. */
  private char escaped() throws IOException {
    int c = next();
    return switch (c) {
      case '"', '\\', '/' -> (char) c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> (char) hexDigits();
      default -> throw unexpected("an escape", c);
    };
  }

  private int hexDigits() throws IOException {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int c = next();
      int digit = Character.digit(c, HEX);
      if (digit < 0) {
        throw unexpected("a hexadecimal digit", c);
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private boolean isNull() throws IOException {
    if (peek() != 'n') {
      return false;
    }
    literal("null");
    return true;
  }

  private void literal(String literal) throws IOException {
    for (int i = 0; i < literal.length(); i++) {
      int c = next();
      if (c != literal.charAt(i)) {
        throw unexpected(literal, c);
      }
    }
  }

  /** A number with its point moved to the right, then cut off behind it. */
  private long number(int places) throws IOException {
    StringBuilder text = new StringBuilder();
    int c = peek();
    while (isOfNumber(c)) {
      text.append((char) c);
      next++;
      if (text.length() > NUMBER_CHARACTERS_MAX) {
        throw new IOException("Too long for a number: " + text);
      }
      if (next == end) {
        if (remaining() == 0) {
          break;
        }
        nextBuffer();
      }
      c = bytes[next] & 0xFF;
    }
    if (text.isEmpty()) {
      throw unexpected("a number", c);
    }
    return valueOf(text, places);
  }

  private static boolean isOfNumber(int c) {
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
  }

  private static long valueOf(CharSequence text, int places) throws IOException {
    long value = 0;
    int fraction = -1;
    boolean isPlain = text.length() + places <= DIGITS_MAX;
    for (int i = 0; isPlain && i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.' && fraction < 0 && i > 0) {
        fraction = 0;
      } else if (c < '0' || c > '9') {
        isPlain = false;
      } else if (fraction < places) {
        value = value * 10 + c - '0';
        fraction += fraction < 0 ? 0 : 1;
      }
    }
    if (!isPlain) {
      return exactly(text.toString(), places);
    }
    for (int i = Math.max(0, fraction); i < places; i++) {
      value *= 10;
    }
    return value;
  }

  private static long exactly(String text, int places) throws IOException {
    try {
      BigDecimal number = new BigDecimal(text);
      if (Math.abs((long) number.scale()) > EXPONENT_MAX) {
        throw new IOException("Out of range: " + text);
      }
      return number.movePointRight(places).longValue();
    } catch (NumberFormatException noNumber) {
      throw new IOException("Not a number: " + text, noNumber);
    }
  }

  private static IOException unexpected(String wanted, int c) {
    String found = new String(new byte[] {(byte) c}, US_ASCII);
    return new IOException(
        "Not " + wanted + ": " + (c > ' ' && c < 0x7F ? found : "0x" + Integer.toHexString(c)));
  }
}
