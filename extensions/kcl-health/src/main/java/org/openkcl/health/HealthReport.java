package org.openkcl.health;

import java.util.stream.Collectors;
import org.openkcl.Health;
import org.openkcl.WorkerSnapshot;

/**
 * What a worker's health comes to for those who probe it.
 *
 * @param live false when nothing but a new process can help: the worker has ended
 * @param ready whether the worker is at work; false while it starts or hands its shards over, and
 *     while it is DOWN
 * @param json all that is known, as one JSON object
 */
record HealthReport(boolean live, boolean ready, String json) {

  static HealthReport of(WorkerSnapshot snapshot) {
    Health health = snapshot.health();
    boolean live = snapshot.phase() != WorkerSnapshot.Phase.STOPPED;
    boolean ready =
        snapshot.phase() == WorkerSnapshot.Phase.RUNNING && health.status() != Health.Status.DOWN;
    String reasons =
        health.reasons().stream().map(JsonString::of).collect(Collectors.joining(",", "[", "]"));
    String json =
        "{\"workerId\":%s,\"live\":%s,\"ready\":%s,\"status\":\"%s\",\"phase\":\"%s\",\"shards\":%d,\"reasons\":%s}"
            .formatted(
                JsonString.of(snapshot.workerId()),
                live,
                ready,
                health.status(),
                snapshot.phase(),
                snapshot.shards().size(),
                reasons);
    return new HealthReport(live, ready, json);
  }
}
