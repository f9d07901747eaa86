package org.openkcl.samples.demo;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.openkcl.samples.demo.Resharding.Merge;
import org.openkcl.samples.demo.Resharding.OpenShard;
import org.openkcl.samples.demo.Resharding.Split;

/** Chooses by chance what happens to a stream next, within bounds of how many shards are open. */
final class RandomResharding {
  private final int openMin;
  private final int openMax;
  private final RandomGenerator chance;

  /** Splits and merges that leave between {@code openMin} and {@code openMax} shards open. */
  RandomResharding(int openMin, int openMax, RandomGenerator chance) {
    this.openMin = openMin;
    this.openMax = openMax;
    this.chance = chance;
  }

  /** One of the two things that can be done. */
  sealed interface Change {
    /** A split, or else a merge. */
    <T> T match(Function<Split, T> splitting, Function<Merge, T> merging);
  }

  private record Splitting(Split split) implements Change {
    @Override
    public <T> T match(Function<Split, T> splitting, Function<Merge, T> merging) {
      return splitting.apply(split);
    }
  }

  private record Merging(Merge merge) implements Change {
    @Override
    public <T> T match(Function<Split, T> splitting, Function<Merge, T> merging) {
      return merging.apply(merge);
    }
  }

  /** The next change of a stream with these shards, of which there is one at least. */
  Change next(List<OpenShard> shards) {
    List<OpenShard> byRange = new ArrayList<>(shards);
    byRange.sort(Comparator.comparing(OpenShard::from));
    boolean splits =
        byRange.size() <= openMin || (byRange.size() < openMax && chance.nextBoolean());
    return splits || byRange.size() == 1 ? split(byRange) : merge(byRange);
  }

  /** Somewhere in the middle half of a shard's range, so that both children get records. */
  private Change split(List<OpenShard> shards) {
    OpenShard shard = shards.get(chance.nextInt(shards.size()));
    BigInteger quarter = shard.to().subtract(shard.from()).shiftRight(2);
    BigInteger half = quarter.shiftLeft(1).max(BigInteger.ONE);
    BigInteger within =
        BigInteger.valueOf(chance.nextLong(Long.MAX_VALUE)).multiply(half).shiftRight(63);
    return new Splitting(
        new Split(shard.shardId(), shard.from().add(quarter).add(within).add(BigInteger.ONE)));
  }

  private Change merge(List<OpenShard> shards) {
    int first = chance.nextInt(shards.size() - 1);
    return new Merging(
        new Merge(shards.get(first).shardId(), shards.get(first + 1).shardId()));
  }
}
