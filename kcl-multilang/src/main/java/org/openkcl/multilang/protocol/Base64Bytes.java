package org.openkcl.multilang.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Standard Base64 (RFC 4648, section 4) from one array into another, six bytes at a time: a table
 * has two characters for every 12 bits. The JDK's encoder needs more than twice the time on
 * processors for which it has no code of its own, and cannot begin in the middle of an array.
 */
final class Base64Bytes {
  private static final byte[] ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(US_ASCII);
  private static final char[] PAIRS = pairs();
  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle EIGHT_CHARACTERS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Base64Bytes() {}

  /** Two characters, the first in the lower half, for every 12 bits. */
  private static char[] pairs() {
    char[] pairs = new char[1 << 12];
    for (int bits = 0; bits < pairs.length; bits++) {
      pairs[bits] = (char) (ALPHABET[bits >> 6] | ALPHABET[bits & 0x3f] << 8);
    }
    return pairs;
  }

  /** How many characters so many bytes make, with padding. */
  static int length(int bytes) {
    return (bytes + 2) / 3 * 4;
  }

  /**
   * Encodes the first bytes of an array, with padding behind the last ones.
   *
   * @return how many characters were written to {@code to}, from {@code at} on
   */
  static int encode(byte[] from, int length, byte[] to, int at) {
    int next = 0;
    int out = at;
    for (; next + Long.BYTES <= length; next += 6, out += 8) {
      long bits = (long) EIGHT_BYTES.get(from, next); // the last two are not used
      long characters = PAIRS[(int) (bits >>> 52)]
          | (long) PAIRS[(int) (bits >>> 40) & 0xfff] << 16
          | (long) PAIRS[(int) (bits >>> 28) & 0xfff] << 32
          | (long) PAIRS[(int) (bits >>> 16) & 0xfff] << 48;
      EIGHT_CHARACTERS.set(to, out, characters);
    }
    for (; next + 3 <= length; next += 3, out += 4) {
      int bits = (from[next] & 0xff) << 16 | (from[next + 1] & 0xff) << 8 | (from[next + 2] & 0xff);
      put(PAIRS[bits >> 12], to, out);
      put(PAIRS[bits & 0xfff], to, out + 2);
    }
    return (next < length ? padded(from, next, length, to, out) : out) - at;
  }

  private static int padded(byte[] from, int next, int length, byte[] to, int out) {
    boolean two = length - next == 2;
    int bits = (from[next] & 0xff) << 16 | (two ? (from[next + 1] & 0xff) << 8 : 0);
    put(PAIRS[bits >> 12], to, out);
    to[out + 2] = two ? ALPHABET[(bits >> 6) & 0x3f] : (byte) '=';
    to[out + 3] = '=';
    return out + 4;
  }

  private static void put(char pair, byte[] to, int at) {
    to[at] = (byte) pair;
    to[at + 1] = (byte) (pair >> 8);
  }
}
