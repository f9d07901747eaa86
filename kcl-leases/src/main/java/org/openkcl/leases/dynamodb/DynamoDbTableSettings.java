package org.openkcl.leases.dynamodb;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How {@link DynamoDbLeaseTable} finds, creates and asks its table.
 *
 * @param tableName the table's name or ARN; Amazon's library uses the application's name
 * @param capacity what a table is created with; null creates it PAY_PER_REQUEST (the default, as
 *     leases have no steady load to plan for). An existing table is never changed
 * @param requestTimeout how long one request may take, retries of the AWS client included. Default
 *     5 s: half the default failover time, so that a renewal without answer can be given again
 *     before the lease expires. Keep it below the failover time
 * @param scanPageTimeout the same for one page (up to 1 MB) of a scan. Default 15 s
 */
public record DynamoDbTableSettings(
    String tableName,
    @Nullable Capacity capacity,
    Duration requestTimeout,
    Duration scanPageTimeout) {

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
    return new DynamoDbTableSettings(tableName, null, REQUEST_TIMEOUT, SCAN_PAGE_TIMEOUT);
  }

  /** The same with this provisioned capacity for a table that has to be created. */
  public DynamoDbTableSettings withCapacity(Capacity newCapacity) {
    return new DynamoDbTableSettings(tableName, newCapacity, requestTimeout, scanPageTimeout);
  }

  /** The same with this bound on a single request. */
  public DynamoDbTableSettings withRequestTimeout(Duration timeout) {
    return new DynamoDbTableSettings(tableName, capacity, timeout, scanPageTimeout);
  }

  /** The same with this bound on one page of a scan. */
  public DynamoDbTableSettings withScanPageTimeout(Duration timeout) {
    return new DynamoDbTableSettings(tableName, capacity, requestTimeout, timeout);
  }

  private static void rejectNotPositive(String name, Duration duration) {
    if (duration.isZero() || duration.isNegative()) {
      throw new IllegalArgumentException(name + " must be positive: got " + duration);
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
