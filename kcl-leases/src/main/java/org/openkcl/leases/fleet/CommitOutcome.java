package org.openkcl.leases.fleet;

import java.util.function.Function;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseTableException;

/** What became of progress that was given to a held lease. */
public sealed interface CommitOutcome {

  /** One function per case. */
  <T> T match(Function<Stored, T> stored, Function<Lost, T> lost, Function<Failed, T> failed);

  /** The table has it. */
  record Stored(Lease lease) implements CommitOutcome {
    @Override
    public <T> T match(
        Function<Stored, T> stored, Function<Lost, T> lost, Function<Failed, T> failed) {
      return stored.apply(this);
    }
  }

  /** The lease is not ours any more; the progress was refused for good. */
  record Lost(String reason) implements CommitOutcome {
    @Override
    public <T> T match(
        Function<Stored, T> stored, Function<Lost, T> lost, Function<Failed, T> failed) {
      return lost.apply(this);
    }
  }

  /** The table could not be asked, several times; the lease may still be ours. */
  record Failed(LeaseTableException cause) implements CommitOutcome {
    @Override
    public <T> T match(
        Function<Stored, T> stored, Function<Lost, T> lost, Function<Failed, T> failed) {
      return failed.apply(this);
    }
  }
}
