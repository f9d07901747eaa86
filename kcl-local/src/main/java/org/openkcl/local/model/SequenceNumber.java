package org.openkcl.local.model;

import java.math.BigInteger;
import java.nio.ByteBuffer;
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

  /** The decimal number of 56 digits. */
  String text() {
    long head = 1L << CREATED_BITS | createdMillis;
    byte[] bytes = ByteBuffer.allocate(3 * Long.BYTES)
        .putLong(head << (INCARNATION_BITS + TICK_BITS + Integer.SIZE - 2 * Long.SIZE))
        .putLong(incarnation << (TICK_BITS - Integer.SIZE) | tick >>> Integer.SIZE)
        .putLong(tick << Integer.SIZE | shardIndex)
        .array();
    return new BigInteger(1, bytes).toString();
  }
}
