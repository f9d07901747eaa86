package org.openkcl.local.faults;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Something that is to go wrong: what, for which calls, how often. For instance {@code
 * Fault.throttle().on("GetRecords").ofStream("orders").next(3)}. Unless narrowed down it strikes
 * every call, for good.
 *
 * @param kind what goes wrong
 * @param scope the calls it concerns
 * @param probability that it strikes such a call; above 0, at most 1
 * @param seed of the chance behind probability and delay: the same calls in the same order are struck
 *     the same way
 * @param strikesMax how often it strikes at most
 * @param delay how late replies come; null unless the kind is {@link FaultKind#LATENCY}
 */
public record Fault(
    FaultKind kind,
    FaultScope scope,
    double probability,
    long seed,
    long strikesMax,
    @Nullable Delay delay) {
  public Fault {
    if (!(probability > 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "A fault's probability must be above 0 and at most 1: got " + probability);
    }
    if (strikesMax < 1) {
      throw new IllegalArgumentException(
          "A fault must strike at least once: got next=" + strikesMax);
    }
    if ((kind == FaultKind.LATENCY) != (delay != null)) {
      throw new IllegalArgumentException(
          "A fault has a delay exactly if it is LATENCY: got kind=" + kind + ", delay=" + delay);
    }
  }

  /** A fault of this kind, but for {@link FaultKind#LATENCY}; see {@link FaultKind}. */
  public static Fault of(FaultKind kind) {
    return new Fault(kind, FaultScope.ALL, 1, 0, Long.MAX_VALUE, null);
  }

  /** {@link FaultKind#THROTTLE} */
  public static Fault throttle() {
    return of(FaultKind.THROTTLE);
  }

  /** {@link FaultKind#LATENCY}, always the same. */
  public static Fault latency(Duration delay) {
    return latency(Delay.fixed(delay));
  }

  /** {@link FaultKind#LATENCY} */
  public static Fault latency(Delay delay) {
    return new Fault(FaultKind.LATENCY, FaultScope.ALL, 1, 0, Long.MAX_VALUE, delay);
  }

  /** {@link FaultKind#CONNECTION_RESET} */
  public static Fault connectionReset() {
    return of(FaultKind.CONNECTION_RESET);
  }

  /** {@link FaultKind#LOST_REPLY} */
  public static Fault lostReply() {
    return of(FaultKind.LOST_REPLY);
  }

  /** Only calls of this operation, as the API reference writes it. */
  public Fault on(String operation) {
    return with(new FaultScope(operation, scope.stream(), scope.shard(), scope.consumer()));
  }

  /** Only calls that name this stream, by name or in an ARN, an iterator or a consumer's ARN. */
  public Fault ofStream(String name) {
    return with(new FaultScope(scope.operation(), name, scope.shard(), scope.consumer()));
  }

  /**
   * Only calls that name this shard. PutRecord and PutRecords name none; of these a {@link
   * FaultKind#THROTTLE} or {@link FaultKind#INTERNAL_FAILURE} strikes single records that go there.
   */
  public Fault ofShard(String shardId) {
    return with(new FaultScope(scope.operation(), scope.stream(), shardId, scope.consumer()));
  }

  /** Only calls that name this registered consumer. */
  public Fault ofConsumer(String name) {
    return with(new FaultScope(scope.operation(), scope.stream(), scope.shard(), name));
  }

  /** Not every time, but by chance. */
  public Fault withProbability(double newProbability, long newSeed) {
    return new Fault(kind, scope, newProbability, newSeed, strikesMax, delay);
  }

  /** Draws delays with another seed; a fault that strikes by chance takes it for that as well. */
  public Fault withSeed(long newSeed) {
    return new Fault(kind, scope, probability, newSeed, strikesMax, delay);
  }

  /** Only so many times; then the fault stays in the list and does nothing. */
  public Fault next(long strikes) {
    return new Fault(kind, scope, probability, seed, strikes, delay);
  }

  private Fault with(FaultScope newScope) {
    return new Fault(kind, newScope, probability, seed, strikesMax, delay);
  }
}
