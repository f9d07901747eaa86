package org.openkcl.leases;

import java.time.Instant;
import java.util.Optional;

/**
 * One step of the migration from 2.x to 3.x, written only if the migration still stands where it was
 * seen. The migration of tables is never written by OpenKCL: it ends with a transaction over tables
 * that only the library that made them should move.
 *
 * @param expected as last read
 * @param intended as it shall be
 */
public record MigrationWrite(Migration expected, Migration intended) {
  public MigrationWrite {
    boolean allowed = expected.subject() == Migration.Subject.CLIENT_VERSION
        && intended.subject() == Migration.Subject.CLIENT_VERSION
        && expected.clientVersion().next().contains(intended.clientVersion());
    if (!allowed) {
      throw new IllegalArgumentException("A migration is moved only along its states: got "
          + expected.subject()
          + " from "
          + expected.state()
          + " to "
          + intended.state()
          + ", allowed "
          + expected.clientVersion().next());
    }
  }

  /**
   * The next step.
   *
   * @throws IllegalArgumentException when the states do not follow each other
   */
  public static MigrationWrite step(Migration seen, ClientVersion next, String by, Instant at) {
    return new MigrationWrite(seen, seen.moved(next.text(), by, at));
  }

  /** Whether {@code actual}, read after this write was refused, is this write's own effect. */
  public boolean isEffectOf(Optional<Migration> actual) {
    return actual.map(intended::equals).orElse(false);
  }
}
