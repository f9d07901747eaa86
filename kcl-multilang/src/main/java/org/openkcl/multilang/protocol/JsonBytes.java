package org.openkcl.multilang.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/**
 * JSON on its way to a stream, as UTF-8 in one buffer. Values are written as they are gone through;
 * no text and no array is made for any of them. What comes between values is the caller's business.
 *
 * <p>Not thread-safe.
 */
final class JsonBytes {
  private static final int BUFFER_BYTES = 64 * 1024;

  /** What one character takes at most: a backslash, u, and four digits. */
  private static final int CHARACTER_BYTES_MAX = 6;

  private static final int CHARACTERS_AT_ONCE = 1024;
  private static final int DIGITS_MAX = 20;

  /** A multiple of three, so that only the last piece of a record has padding. */
  private static final int PIECE_BYTES = 384;

  private static final int PIECE_CHARACTERS = PIECE_BYTES / 3 * 4;

  /**
   * Where the JDK has code of its own for the processor this takes a quarter of the time of a table
   * of ours, elsewhere twice. It begins where an array begins and ends where it ends.
   */
  private static final Base64.Encoder BASE64 = Base64.getEncoder();

  private static final byte[] NULL = "null".getBytes(US_ASCII);
  private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);

  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int size;

  private final byte[] piece = new byte[PIECE_BYTES];
  private final byte[] pieceInBase64 = new byte[PIECE_CHARACTERS];

  JsonBytes(OutputStream out) {
    this.out = out;
  }

  /** Bytes as they are. */
  JsonBytes raw(byte[] bytes) throws IOException {
    makeRoom(bytes.length);
    System.arraycopy(bytes, 0, buffer, size, bytes.length);
    size += bytes.length;
    return this;
  }

  /** One ASCII character as it is. */
  JsonBytes raw(char ascii) throws IOException {
    makeRoom(1);
    buffer[size++] = (byte) ascii;
    return this;
  }

  JsonBytes nothing() throws IOException {
    return raw(NULL);
  }

  JsonBytes number(long value) throws IOException {
    if (value < 0) {
      return raw(Long.toString(value).getBytes(US_ASCII));
    }
    makeRoom(DIGITS_MAX);
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    long rest = value;
    for (int at = size + digits - 1; at >= size; at--) {
      buffer[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += digits;
    return this;
  }

  /** Data in standard Base64, in quotes; the data's buffer is empty afterwards. */
  JsonBytes base64(ByteBuffer data) throws IOException {
    raw('"');
    while (data.hasRemaining()) {
      int length = Math.min(data.remaining(), PIECE_BYTES);
      data.get(piece, 0, length);
      int missing = (3 - length % 3) % 3;
      Arrays.fill(piece, length, length + missing, (byte) 0);
      BASE64.encode(piece, pieceInBase64); // of a last piece also what is behind it
      int characters = (length + missing) / 3 * 4;
      makeRoom(PIECE_CHARACTERS);
      System.arraycopy(pieceInBase64, 0, buffer, size, characters);
      size += characters;
      Arrays.fill(buffer, size - missing, size, (byte) '=');
    }
    return raw('"');
  }

  /** A text in quotes. */
  JsonBytes text(String text) throws IOException {
    raw('"');
    int next = 0;
    while (next < text.length()) {
      makeRoom((CHARACTERS_AT_ONCE + 1) * CHARACTER_BYTES_MAX);
      next = characters(text, next, Math.min(text.length(), next + CHARACTERS_AT_ONCE));
    }
    return raw('"');
  }

  /** Appends characters, for which there is room; a pair goes with its first half. */
  private int characters(String text, int from, int to) {
    int next = from;
    while (next < to) {
      char c = text.charAt(next++);
      if (c >= ' ' && c < 0x80 && c != '"' && c != '\\') {
        buffer[size++] = (byte) c;
      } else if (c < 0x80) {
        escape(c);
      } else if (Character.isHighSurrogate(c)
          && next < text.length()
          && Character.isLowSurrogate(text.charAt(next))) {
        supplementary(Character.toCodePoint(c, text.charAt(next++)));
      } else if (Character.isSurrogate(c)) {
        inHex(c); // half a character has no UTF-8
      } else {
        basic(c);
      }
    }
    return next;
  }

  private void escape(char c) {
    char letter = switch (c) {
      case '"', '\\' -> c;
      case '\n' -> 'n';
      case '\r' -> 'r';
      case '\t' -> 't';
      case '\b' -> 'b';
      case '\f' -> 'f';
      default -> 'u';
    };
    if (letter == 'u') {
      inHex(c);
    } else {
      buffer[size++] = '\\';
      buffer[size++] = (byte) letter;
    }
  }

  private void inHex(char c) {
    buffer[size++] = '\\';
    buffer[size++] = 'u';
    for (int shift = 12; shift >= 0; shift -= 4) {
      buffer[size++] = HEX[(c >> shift) & 0xf];
    }
  }

  private void basic(char c) {
    if (c < 0x800) {
      buffer[size++] = (byte) (0xc0 | (c >> 6));
    } else {
      buffer[size++] = (byte) (0xe0 | (c >> 12));
      buffer[size++] = (byte) (0x80 | ((c >> 6) & 0x3f));
    }
    buffer[size++] = (byte) (0x80 | (c & 0x3f));
  }

  private void supplementary(int codePoint) {
    buffer[size++] = (byte) (0xf0 | (codePoint >> 18));
    buffer[size++] = (byte) (0x80 | ((codePoint >> 12) & 0x3f));
    buffer[size++] = (byte) (0x80 | ((codePoint >> 6) & 0x3f));
    buffer[size++] = (byte) (0x80 | (codePoint & 0x3f));
  }

  private void makeRoom(int bytes) throws IOException {
    if (buffer.length - size < bytes) {
      drain();
    }
  }

  private void drain() throws IOException {
    int length = size;
    size = 0; // also when the stream is broken: nothing is said twice
    out.write(buffer, 0, length);
  }

  /** Hands everything on. */
  void flush() throws IOException {
    drain();
    out.flush();
  }
}
