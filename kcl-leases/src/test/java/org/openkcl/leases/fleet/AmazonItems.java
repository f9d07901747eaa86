package org.openkcl.leases.fleet;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What Amazon's workers keep in the table besides leases, as the service holds it. */
final class AmazonItems {
  @Nullable
  Lock lock;

  final Map<String, Metrics> metrics = new TreeMap<>();

  /** The leader lock: no time in it, only a version that moves with each heartbeat. */
  record Lock(String owner, String version, long leaseMillis) {}

  /** A worker's metrics, of which only the time of the last update matters here. */
  record Metrics(long updatedAtSeconds) {}
}
