package org.openkcl.health;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openkcl.WorkerSnapshot;
import org.openkcl.WorkerSnapshot.ShardSnapshot;

/**
 * How far a worker is behind, for those who scale by it: the greatest lag of its shards, in
 * milliseconds, over all and per stream.
 *
 * @param known whether the worker is at work, so that its lag says something
 * @param json one JSON object
 */
record LagReport(boolean known, String json) {

  static LagReport of(WorkerSnapshot snapshot, Instant now) {
    Map<String, List<ShardSnapshot>> streams = snapshot.shards().stream()
        .collect(Collectors.groupingBy(ShardSnapshot::stream, TreeMap::new, Collectors.toList()));
    String each = streams.entrySet().stream()
        .map(stream -> "{\"stream\":%s,\"lagMillis\":%d,\"shards\":%d}"
            .formatted(
                JsonString.of(stream.getKey()),
                lagMillis(stream.getValue(), now),
                stream.getValue().size()))
        .collect(Collectors.joining(",", "[", "]"));
    String json = "{\"workerId\":%s,\"phase\":\"%s\",\"lagMillis\":%d,\"shards\":%d,\"streams\":%s}"
        .formatted(
            JsonString.of(snapshot.workerId()),
            snapshot.phase(),
            lagMillis(snapshot.shards(), now),
            snapshot.shards().size(),
            each);
    return new LagReport(snapshot.phase() == WorkerSnapshot.Phase.RUNNING, json);
  }

  private static long lagMillis(List<ShardSnapshot> shards, Instant now) {
    return shards.stream()
        .map(shard -> shard.lag(now))
        .mapToLong(Duration::toMillis)
        .max()
        .orElse(0);
  }
}
