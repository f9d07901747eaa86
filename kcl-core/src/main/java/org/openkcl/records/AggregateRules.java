package org.openkcl.records;

import org.jspecify.annotations.Nullable;
import org.openkcl.processor.OddRecord;
import org.openkcl.processor.OddRecord.DeadLetters;
import org.openkcl.processor.OddRecord.Treatment;

/**
 * What is done with aggregates.
 *
 * @param takenApart false leaves them whole
 * @param foreign what is done with user records of other shards
 * @param foreignSpoilsAggregate whether one foreign record makes all of its aggregate foreign, as in
 *     Amazon's library
 * @param corrupt what is done with aggregates that cannot be read
 * @param deadLetters null unless one of the treatments needs it
 */
public record AggregateRules(
    boolean takenApart,
    Treatment foreign,
    boolean foreignSpoilsAggregate,
    Treatment corrupt,
    @Nullable DeadLetters deadLetters) {

  /** Everything is delivered; aggregates are taken apart. */
  public static final AggregateRules DEFAULT =
      new AggregateRules(true, Treatment.DELIVER, false, Treatment.DELIVER, null);

  public AggregateRules {
    boolean needed = foreign == Treatment.DEAD_LETTER || corrupt == Treatment.DEAD_LETTER;
    if (needed && deadLetters == null) {
      throw new IllegalStateException(
          "Records that are to become dead letters need somewhere to go: got foreign="
              + foreign
              + ", corrupt="
              + corrupt
              + ", no deadLetters. Set deadLetters.");
    }
    if (!needed && deadLetters != null) {
      throw new IllegalStateException("deadLetters are never called: got foreign="
          + foreign
          + ", corrupt="
          + corrupt
          + ". Set one of them to DEAD_LETTER.");
    }
  }

  Treatment of(OddRecord.Kind kind) {
    return switch (kind) {
      case FOREIGN -> foreign;
      case CORRUPT -> corrupt;
      case LOOKALIKE -> Treatment.DELIVER; // it is an ordinary record, for all we know
    };
  }
}
