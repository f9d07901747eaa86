package org.openkcl.leases;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * How far an application has come with one of Amazon's migrations. States that are not known are
 * kept as they are.
 *
 * @param subject what is migrated
 * @param state as it stands in the item
 * @param modifiedBy a worker id, or a tool
 * @param modifiedAt in whole milliseconds
 * @param history former states, newest first
 */
public record Migration(
    Subject subject, String state, String modifiedBy, Instant modifiedAt, List<Step> history) {
  private static final int HISTORY_MAX = 10;

  /** What is migrated. */
  public enum Subject {
    /** From leases balanced by every worker (2.x) to leases assigned by a leader (3.x). */
    CLIENT_VERSION,
    /** From side tables (3.0 to 3.4) to one table (3.5). */
    TABLES
  }

  public Migration {
    modifiedAt = modifiedAt.truncatedTo(ChronoUnit.MILLIS);
    history = List.copyOf(history);
  }

  /** A former state. */
  public record Step(String state, String modifiedBy, Instant modifiedAt) {
    public Step {
      modifiedAt = modifiedAt.truncatedTo(ChronoUnit.MILLIS);
    }
  }

  /** The state of {@link Subject#CLIENT_VERSION}. */
  public ClientVersion clientVersion() {
    return ClientVersion.named(state);
  }

  /** The state of {@link Subject#TABLES}. */
  public TableMigrationStatus tableStatus() {
    return TableMigrationStatus.named(state);
  }

  /** The migration in a later state, with this one in its history. */
  Migration moved(String next, String by, Instant at) {
    List<Step> steps = new ArrayList<>();
    steps.add(new Step(state, modifiedBy, modifiedAt));
    steps.addAll(history);
    return new Migration(
        subject, next, by, at, steps.subList(0, Math.min(HISTORY_MAX, steps.size())));
  }
}
