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

  Duration retention = RetentionRules.DEFAULT;
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

  StreamFeatures features() {
    return new StreamFeatures(
        mode, encryptionKeyId, List.copyOf(metrics), warmThroughputMiBps, recordBytesMax / 1024);
  }
}
