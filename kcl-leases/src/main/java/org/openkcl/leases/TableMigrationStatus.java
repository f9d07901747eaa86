package org.openkcl.leases;

/** The states of Amazon's migration from side tables (3.0 to 3.4) to one table (3.5). */
public enum TableMigrationStatus {
  /** Every worker can; nothing has moved. */
  INIT("TABLE_MIGRATION_STATUS_INIT"),
  /** Every worker has been able to for long enough; items are or will be moved. */
  DEPLOYED("TABLE_MIGRATION_STATUS_DEPLOYED"),
  /** Items have moved; the lock is still in the side table. */
  PENDING("TABLE_MIGRATION_STATUS_PENDING"),
  /** Everything is in the lease table. */
  COMPLETE("TABLE_MIGRATION_STATUS_COMPLETE"),
  /** A state that this version of OpenKCL does not know. */
  UNKNOWN("");

  private final String text;

  TableMigrationStatus(String text) {
    this.text = text;
  }

  /** As it stands in the item. */
  public String text() {
    return text;
  }

  /** The status of that name; {@link #UNKNOWN} when there is none. */
  public static TableMigrationStatus named(String text) {
    for (TableMigrationStatus status : values()) {
      if (status.text.equals(text)) {
        return status;
      }
    }
    return UNKNOWN;
  }
}
