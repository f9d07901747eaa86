package org.openkcl;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.EventLoop;
import org.openkcl.kinesis.AwsClients;
import org.openkcl.leases.ItemPlacement.Place;
import org.openkcl.leases.LeaseTable;
import org.openkcl.leases.dynamodb.DynamoDbCoordinationTable;
import org.openkcl.leases.dynamodb.DynamoDbLeaseTable;
import org.openkcl.leases.dynamodb.DynamoDbTableSettings;
import org.openkcl.leases.fleet.PlacedLeaseTable;

/**
 * How the lease table and the tables beside it are created and found. A table that exists is never
 * altered, but for the index if that is asked for.
 *
 * <p>Immutable.
 */
public final class LeaseTableSettings {
  /** What Amazon's library does, but for its index: on demand, no tags, backups or protection. */
  public static final LeaseTableSettings DEFAULT = builder().build();

  private static final int TAGS_MAX = 50;

  private final DynamoDbTableSettings.Creation creation;
  private final boolean ownerIndex;
  private final Place preferred;
  private final @Nullable String coordinatorStateTable;
  private final @Nullable String workerMetricsTable;
  private final @Nullable String itemTable;

  private LeaseTableSettings(Builder builder) {
    this.creation = new DynamoDbTableSettings.Creation(
        builder.capacity, builder.tags, builder.pointInTimeRecovery, builder.deletionProtection);
    this.ownerIndex = builder.ownerIndex;
    this.preferred = builder.preferred;
    this.coordinatorStateTable = builder.coordinatorStateTable;
    this.workerMetricsTable = builder.workerMetricsTable;
    this.itemTable = builder.itemTable;
  }

  /** Begins to describe settings. */
  public static Builder builder() {
    return new Builder();
  }

  /** The application's tables, which may not exist yet. */
  LeaseTable tables(
      EventLoop loop,
      AwsClients clients,
      String application,
      String tableName,
      Duration requestTimeout) {
    DynamoDbTableSettings table = DynamoDbTableSettings.of(tableName)
        .withCreation(creation)
        .withOwnerIndex(ownerIndex)
        .withRequestTimeout(requestTimeout)
        .withSender(clients.dynamoDbThread());
    DynamoDbTableSettings items = table
        .named(itemTable != null ? itemTable : application + "-OpenKCL")
        .withCreation(new DynamoDbTableSettings.Creation(null, creation.tags(), false, false));
    return new PlacedLeaseTable(
        loop,
        new DynamoDbLeaseTable(clients.dynamoDb(), table, loop::schedule),
        DynamoDbCoordinationTable.inSideTables(
            clients.dynamoDb(),
            table.named(
                coordinatorStateTable != null
                    ? coordinatorStateTable
                    : application + "-CoordinatorState"),
            table.named(
                workerMetricsTable != null
                    ? workerMetricsTable
                    : application + "-WorkerMetricStats")),
        DynamoDbCoordinationTable.inOneTable(clients.dynamoDb(), items, loop::schedule),
        preferred);
  }

  /** Describes {@link LeaseTableSettings}. Setting anything twice is an error. */
  public static final class Builder {
    private final Set<String> given = new HashSet<>();
    private final Map<String, String> tags = new TreeMap<>();
    private DynamoDbTableSettings.@Nullable Capacity capacity;
    private boolean pointInTimeRecovery;
    private boolean deletionProtection;
    private boolean ownerIndex;
    private Place preferred = Place.LEASE_TABLE;
    private @Nullable String coordinatorStateTable;
    private @Nullable String workerMetricsTable;
    private @Nullable String itemTable;

    private Builder() {}

    /**
     * Creates the lease table with provisioned capacity. Default: on demand, as leases have no
     * steady load to plan for. What a fleet needs is in docs/operations.md.
     *
     * @param readUnits 1 or more a second
     * @param writeUnits 1 or more a second
     */
    public Builder provisioned(long readUnits, long writeUnits) {
      once("provisioned");
      capacity = new DynamoDbTableSettings.Capacity(readUnits, writeUnits);
      return this;
    }

    /** Gives every table that is created a tag; at most 50 of them, each key once. */
    public Builder tag(String key, String value) {
      once("tag '" + key + "'");
      tags.put(key, value);
      if (tags.size() > TAGS_MAX) {
        throw new IllegalArgumentException("A table has at most 50 tags: got " + tags.size());
      }
      return this;
    }

    /**
     * Switches point-in-time recovery on when the lease table is created. Default: off, as in
     * Amazon's library. Needs {@code dynamodb:UpdateContinuousBackups}.
     */
    public Builder pointInTimeRecovery() {
      once("pointInTimeRecovery");
      pointInTimeRecovery = true;
      return this;
    }

    /** Protects the lease table from deletion when it is created. Default: off. */
    public Builder deletionProtection() {
      once("deletionProtection");
      deletionProtection = true;
      return this;
    }

    /**
     * Creates the index of leases by owner that Amazon's 3.x workers wait for, if there is none.
     * Default: off; OpenKCL's workers do without. Needs {@code dynamodb:UpdateTable}; that it could
     * not be created is logged and holds nothing up.
     */
    public Builder ownerIndex() {
      once("ownerIndex");
      ownerIndex = true;
      return this;
    }

    /**
     * Keeps what is no lease in a table of its own, {@code <application>-OpenKCL}, unless Amazon's
     * workers have begun otherwise. Default: in the lease table, as Amazon's 3.5 does. For
     * applications that workers of Amazon's 2.x may join later: they take every item for a lease.
     */
    public Builder itemsInOwnTable() {
      once("itemsInOwnTable");
      preferred = Place.OWN_TABLE;
      return this;
    }

    /** The name of that table. Default {@code <application>-OpenKCL}. */
    public Builder itemTableName(String name) {
      once("itemTableName");
      itemTable = name;
      return this;
    }

    /**
     * The coordinator's table of Amazon's 3.0 to 3.4, where it was renamed. Default {@code
     * <application>-CoordinatorState}. Used if it exists, never created.
     */
    public Builder coordinatorStateTableName(String name) {
      once("coordinatorStateTableName");
      coordinatorStateTable = name;
      return this;
    }

    /**
     * The workers' table of Amazon's 3.0 to 3.4, where it was renamed. Default {@code
     * <application>-WorkerMetricStats}. Used if it exists, never created.
     */
    public Builder workerMetricsTableName(String name) {
      once("workerMetricsTableName");
      workerMetricsTable = name;
      return this;
    }

    /** The settings. */
    public LeaseTableSettings build() {
      return new LeaseTableSettings(this);
    }

    private void once(String setting) {
      if (!given.add(setting)) {
        throw new IllegalStateException(setting + " was already set. Set it once.");
      }
    }
  }
}
