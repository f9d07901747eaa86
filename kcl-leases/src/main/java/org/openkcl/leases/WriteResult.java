package org.openkcl.leases;

import java.util.Optional;
import java.util.function.Function;

/** What became of a conditional write. A lost race is an answer, not a failure. */
public sealed interface WriteResult {

  /** One function per case. */
  <T> T match(Function<Written, T> written, Function<LostRace, T> lostRace);

  /** The write happened; {@code lease} is the item now. */
  record Written(Lease lease) implements WriteResult {
    @Override
    public <T> T match(Function<Written, T> written, Function<LostRace, T> lostRace) {
      return written.apply(this);
    }
  }

  /**
   * The condition did not hold. {@code actual} is the item that stood against it, read
   * consistently; empty when there is none (or it cannot be read as a lease).
   */
  record LostRace(Optional<Lease> actual) implements WriteResult {
    @Override
    public <T> T match(Function<Written, T> written, Function<LostRace, T> lostRace) {
      return lostRace.apply(this);
    }
  }
}
