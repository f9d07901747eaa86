package org.openkcl.leases;

import java.util.Optional;
import java.util.function.Function;

/** What became of a conditional write of an item that is no lease. */
public sealed interface ConditionalResult<V> {

  /** One function per case. */
  <T> T match(Function<Written<V>, T> written, Function<LostRace<V>, T> lostRace);

  /** Whether the write happened. */
  default boolean isWritten() {
    return match(written -> true, lost -> false);
  }

  /** The write happened; {@code now} is the item, empty when it was deleted. */
  record Written<V>(Optional<V> now) implements ConditionalResult<V> {
    @Override
    public <T> T match(Function<Written<V>, T> written, Function<LostRace<V>, T> lostRace) {
      return written.apply(this);
    }
  }

  /**
   * The condition did not hold. {@code actual} is the item that stood against it, read consistently;
   * empty when there is none (or it cannot be understood).
   */
  record LostRace<V>(Optional<V> actual) implements ConditionalResult<V> {
    @Override
    public <T> T match(Function<Written<V>, T> written, Function<LostRace<V>, T> lostRace) {
      return lostRace.apply(this);
    }
  }
}
