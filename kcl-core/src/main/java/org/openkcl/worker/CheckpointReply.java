package org.openkcl.worker;

import java.util.function.Function;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.fleet.CommitOutcome;

/** What the application is told about a checkpoint it asked for. */
sealed interface CheckpointReply {

  /** One function per case. */
  <T> T match(
      Function<Table, T> table, Function<Unchanged, T> unchanged, Function<Refused, T> refused);

  /** The table was asked to store {@code position}. */
  record Table(Checkpoint position, CommitOutcome outcome) implements CheckpointReply {
    @Override
    public <T> T match(
        Function<Table, T> table, Function<Unchanged, T> unchanged, Function<Refused, T> refused) {
      return table.apply(this);
    }
  }

  /** The position is stored already. */
  record Unchanged(Checkpoint position) implements CheckpointReply {
    @Override
    public <T> T match(
        Function<Table, T> table, Function<Unchanged, T> unchanged, Function<Refused, T> refused) {
      return unchanged.apply(this);
    }
  }

  /** The position is not one that may be stored. */
  record Refused(String message) implements CheckpointReply {
    @Override
    public <T> T match(
        Function<Table, T> table, Function<Unchanged, T> unchanged, Function<Refused, T> refused) {
      return refused.apply(this);
    }
  }
}
