package org.openkcl.local.model;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A sequence number taken apart.
 *
 * <p>Written as a decimal number of 56 digits, like the service's. From the highest bit: a one (bit
 * 185, which makes 56 digits of it), the stream's creation time (48 bits), the stream's incarnation
 * (42), the tick (63), the shard's index (32). Within a stream numbers are ordered by tick, and so
 * by the order in which the stream gave them out, over all shards.
 *
 * @param createdMillis the stream's creation time
 * @param incarnation tells apart streams created in one millisecond
 * @param tick the place in the stream's order; grows with time
 * @param shardIndex the number in the shard's id
 */
record SequenceNumber(long createdMillis, long incarnation, long tick, int shardIndex) {
  private static final int DIGITS = 56;
  private static final int TICK_BITS = 63;
  private static final int INCARNATION_BITS = 42;
  private static final int CREATED_BITS = 48;
  private static final long BILLION = 1_000_000_000;
  private static final int BILLION_DIGITS = 9;

  /** The number, unless the text cannot have come from this class. */
  static @Nullable SequenceNumber parse(String text) {
    if (text.length() != DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return null;
    }
    BigInteger number = new BigInteger(text);
    int shardIndex = number.intValue();
    BigInteger rest = number.shiftRight(Integer.SIZE);
    long tick = low(rest, TICK_BITS);
    rest = rest.shiftRight(TICK_BITS);
    long incarnation = low(rest, INCARNATION_BITS);
    rest = rest.shiftRight(INCARNATION_BITS);
    long created = low(rest, CREATED_BITS);
    rest = rest.shiftRight(CREATED_BITS);
    return rest.equals(BigInteger.ONE) && shardIndex >= 0
        ? new SequenceNumber(created, incarnation, tick, shardIndex)
        : null;
  }

  private static long low(BigInteger number, int bits) {
    return number.longValue() & ((1L << bits) - 1);
  }

  /** The decimal number of 56 digits. Every record needs one, so it is made without BigInteger. */
  String text() {
    long head = 1L << CREATED_BITS | createdMillis;
    int tickBitsAbove = TICK_BITS - Integer.SIZE;
    long high = head << (INCARNATION_BITS + TICK_BITS + Integer.SIZE - 2 * Long.SIZE)
        | incarnation >>> (Long.SIZE - tickBitsAbove);
    long middle = incarnation << tickBitsAbove | tick >>> Integer.SIZE;
    long low = tick << Integer.SIZE | shardIndex;
    int[] words = {
      (int) (high >>> Integer.SIZE),
      (int) high,
      (int) (middle >>> Integer.SIZE),
      (int) middle,
      (int) (low >>> Integer.SIZE),
      (int) low
    };
    byte[] digits = new byte[DIGITS];
    int at = DIGITS;
    while (at > 0) {
      long nine = divideByBillion(words);
      for (int i = 0; i < BILLION_DIGITS && at > 0; i++) {
        digits[--at] = (byte) ('0' + nine % 10);
        nine /= 10;
      }
    }
    return new String(digits, StandardCharsets.ISO_8859_1);
  }

  /** Divides the number in place, most significant word first, and returns the remainder. */
  private static long divideByBillion(int[] words) {
    long remainder = 0;
    for (int i = 0; i < words.length; i++) {
      long dividend = remainder << Integer.SIZE | Integer.toUnsignedLong(words[i]);
      words[i] = (int) (dividend / BILLION);
      remainder = dividend % BILLION;
    }
    return remainder;
  }
}
