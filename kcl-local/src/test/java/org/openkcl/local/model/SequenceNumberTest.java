package org.openkcl.local.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SequenceNumberTest {
  @Test
  void isTheDecimalNumberOfItsParts() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      SequenceNumber number = new SequenceNumber(
          bits(random, 48), bits(random, 42), bits(random, 63), (int) bits(random, 31));
      BigInteger expected = BigInteger.ONE
          .shiftLeft(48)
          .or(BigInteger.valueOf(number.createdMillis()))
          .shiftLeft(42)
          .or(BigInteger.valueOf(number.incarnation()))
          .shiftLeft(63)
          .or(BigInteger.valueOf(number.tick()))
          .shiftLeft(32)
          .or(BigInteger.valueOf(number.shardIndex()));
      assertThat(number.text()).isEqualTo(expected.toString()).hasSize(56);
      assertThat(SequenceNumber.parse(number.text())).isEqualTo(number);
    }
  }

  /** Of all sizes up to so many bits. */
  private static long bits(Random random, int bitsMax) {
    return random.nextLong() >>> (64 - 1 - random.nextInt(bitsMax));
  }
}
