package org.openkcl.leases.dynamodb;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How a table is found, created and asked.
 *
 * @param tableName the table's name or ARN; Amazon's library uses the application's name
 * @param creation what a table is created with. An existing table is never changed
 * @param ownerIndex whether an index of leases by owner is created if there is none
 * @param requestTimeout how long one request may take, retries of the AWS client included. Default
 *     5 s: half the default failover time, so that a renewal without answer can be given again
 *     before the lease expires. Keep it below the failover time
 * @param scanPageTimeout the same for one page (up to 1 MB) of a scan. Default 15 s
 * @param sender where requests are made and signed, in the order in which they are asked for. Default:
 *     the caller's thread, which that may keep for milliseconds, and longer when credentials are due
 */
public record DynamoDbTableSettings(
    String tableName,
    Creation creation,
    boolean ownerIndex,
    Duration requestTimeout,
    Duration scanPageTimeout,
    Executor sender) {

  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration SCAN_PAGE_TIMEOUT = Duration.ofSeconds(15);

  public DynamoDbTableSettings {
    if (tableName.isEmpty()) {
      throw new IllegalArgumentException("tableName must not be empty");
    }
    rejectNotPositive("requestTimeout", requestTimeout);
    rejectNotPositive("scanPageTimeout", scanPageTimeout);
  }

  /** The defaults for this table. */
  public static DynamoDbTableSettings of(String tableName) {
    return new DynamoDbTableSettings(
        tableName, Creation.DEFAULT, false, REQUEST_TIMEOUT, SCAN_PAGE_TIMEOUT, Runnable::run);
  }

  /** The same for another table, without an index. */
  public DynamoDbTableSettings named(String name) {
    return new DynamoDbTableSettings(
        name, creation, false, requestTimeout, scanPageTimeout, sender);
  }

  /** The same with these properties for a table that has to be created. */
  public DynamoDbTableSettings withCreation(Creation newCreation) {
    return new DynamoDbTableSettings(
        tableName, newCreation, ownerIndex, requestTimeout, scanPageTimeout, sender);
  }

  /** The same with this provisioned capacity for a table that has to be created. */
  public DynamoDbTableSettings withCapacity(Capacity capacity) {
    return withCreation(new Creation(
        capacity, creation.tags(), creation.pointInTimeRecovery(), creation.deletionProtection()));
  }

  /** The same with an index by owner, or without. */
  public DynamoDbTableSettings withOwnerIndex(boolean wanted) {
    return new DynamoDbTableSettings(
        tableName, creation, wanted, requestTimeout, scanPageTimeout, sender);
  }

  /** The same with this bound on a single request. */
  public DynamoDbTableSettings withRequestTimeout(Duration timeout) {
    return new DynamoDbTableSettings(
        tableName, creation, ownerIndex, timeout, scanPageTimeout, sender);
  }

  /** The same with this bound on one page of a scan. */
  public DynamoDbTableSettings withScanPageTimeout(Duration timeout) {
    return new DynamoDbTableSettings(
        tableName, creation, ownerIndex, requestTimeout, timeout, sender);
  }

  /** The same with requests made and signed elsewhere. */
  public DynamoDbTableSettings withSender(Executor executor) {
    return new DynamoDbTableSettings(
        tableName, creation, ownerIndex, requestTimeout, scanPageTimeout, executor);
  }

  private static void rejectNotPositive(String name, Duration duration) {
    if (duration.isZero() || duration.isNegative()) {
      throw new IllegalArgumentException(name + " must be positive: got " + duration);
    }
  }

  /**
   * What a table is created with.
   *
   * @param capacity null creates it PAY_PER_REQUEST, the default, as leases have no steady load to
   *     plan for
   * @param tags at most 50
   * @param pointInTimeRecovery whether the table can be restored to any moment of the last 35 days
   * @param deletionProtection whether the table refuses to be deleted
   */
  public record Creation(
      @Nullable Capacity capacity,
      Map<String, String> tags,
      boolean pointInTimeRecovery,
      boolean deletionProtection) {
    /** On demand, without tags, backups and protection, as in Amazon's library. */
    public static final Creation DEFAULT = new Creation(null, Map.of(), false, false);

    public Creation {
      tags = Collections.unmodifiableMap(new TreeMap<>(tags));
    }
  }

  /**
   * Provisioned throughput.
   *
   * @param readUnits 1 or more a second
   * @param writeUnits 1 or more a second
   */
  public record Capacity(long readUnits, long writeUnits) {
    public Capacity {
      if (readUnits < 1 || writeUnits < 1) {
        throw new IllegalArgumentException("Capacity must be 1 or more: got readUnits="
            + readUnits
            + ", writeUnits="
            + writeUnits);
      }
    }
  }
}
