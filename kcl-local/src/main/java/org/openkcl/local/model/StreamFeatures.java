package org.openkcl.local.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the control plane has set on a stream, beside its retention period.
 *
 * @param mode who decides how many shards it has
 * @param encryptionKeyId the key that new records are encrypted with, as StartStreamEncryption named
 *     it; null when they are not
 * @param shardLevelMetrics the enhanced metrics that are on
 * @param warmThroughputMiBps what an on-demand stream is kept ready for; null when nobody asked
 * @param maxRecordSizeKiB the largest record, key and data together, that it takes
 */
public record StreamFeatures(
    StreamMode mode,
    @Nullable String encryptionKeyId,
    List<ShardLevelMetric> shardLevelMetrics,
    @Nullable Integer warmThroughputMiBps,
    int maxRecordSizeKiB) {
  public StreamFeatures {
    shardLevelMetrics = List.copyOf(shardLevelMetrics);
  }
}
