package org.openkcl.local.model;

import java.io.Serializable;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the control plane has set on one stream: everything that is neither shard nor record. */
final class StreamControl implements Serializable {
  final Resource resource;
  final Set<ShardLevelMetric> metrics = EnumSet.noneOf(ShardLevelMetric.class);
  final WriteMeter meter;
  final CallRates callRates = CallRates.ofStream();
  final RollingCount shardCountUpdates = new RollingCount();
  final RollingCount modeUpdates = new RollingCount();
  final RollingCount encryptionStarts = new RollingCount();
  final RollingCount encryptionStops = new RollingCount();

  private Duration retention = RetentionRules.DEFAULT;
  private long keptFromMillis = Long.MIN_VALUE;

  StreamMode mode;
  int recordBytesMax = PutRules.RECORD_BYTES_DEFAULT;

  @Nullable
  Integer warmThroughputMiBps;

  @Nullable
  String encryptionKeyId;

  StreamControl(String name, StreamMode mode, long createdMillis) {
    this.resource = Resource.stream(name);
    this.mode = mode;
    this.meter = new WriteMeter(createdMillis);
  }

  Duration retention() {
    return retention;
  }

  /** Changes the retention period. What has expired by then stays so, however long the new one is. */
  void keepFor(Duration newRetention, long at) {
    keptFromMillis = horizonMillis(at);
    retention = newRetention;
  }

  /** Records that arrived before this have expired. */
  long horizonMillis(long now) {
    return Math.max(keptFromMillis, now - retention.toMillis());
  }

  StreamFeatures features() {
    return new StreamFeatures(
        mode, encryptionKeyId, List.copyOf(metrics), warmThroughputMiBps, recordBytesMax / 1024);
  }
}
