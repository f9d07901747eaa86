package org.openkcl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.LocalApplication.waitUntil;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openkcl.local.LocalCloud;

class SchedulerIT {
  private static LocalCloud cloud;

  @BeforeAll
  static void startCloud() {
    cloud = LocalCloud.start();
  }

  @AfterAll
  static void stopCloud() {
    cloud.close();
  }

  @Test
  void readsEveryRecordOnceAndGoesOnWhereItStopped() throws Exception {
    LocalApplication app = new LocalApplication(cloud, "once", 4);
    app.put(0, 50);
    try (Scheduler scheduler = app.worker("a").processor(app::remembering).build()) {
      scheduler.start().join();
      waitUntil("first records", () -> app.seen.size() == 50);
    }
    app.put(50, 80);
    try (Scheduler scheduler = app.worker("a").processor(app::remembering).build()) {
      scheduler.start().join();
      waitUntil("more records", () -> app.seen.size() == 80);
      assertThat(scheduler.health().status()).isEqualTo(Health.Status.UP);
    }
    assertThat(app.distinctSeen()).isEqualTo(80);
  }

  @Test
  void readsChildrenAfterParentsWhenShardsAreSplitAndMerged() throws Exception {
    LocalApplication app = new LocalApplication(cloud, "reshard", 2);
    app.put(0, 40);
    try (Scheduler scheduler = app.worker("a").processor(app::remembering).build()) {
      scheduler.start().join();
      cloud
          .kinesis()
          .splitShard(b -> b.streamName("reshard")
              .shardToSplit("shardId-000000000000")
              .newStartingHashKey("85070591730234615865843651857942052863"))
          .join();
      app.put(40, 80);
      cloud
          .kinesis()
          .mergeShards(b -> b.streamName("reshard")
              .shardToMerge("shardId-000000000003")
              .adjacentShardToMerge("shardId-000000000001"))
          .join();
      app.put(80, 120);
      waitUntil("all records", () -> app.seen.size() == 120);
      waitUntil(
          "both open shards being read",
          () -> scheduler.snapshot().shards().stream()
              .map(WorkerSnapshot.ShardSnapshot::shardId)
              .toList()
              .equals(List.of("shardId-000000000002", "shardId-000000000004")));
    }
    assertThat(app.distinctSeen()).isEqualTo(120);
    assertThat(app.leaseAttribute("shardId-000000000000", "checkpoint").s()).isEqualTo("SHARD_END");
    assertThat(app.leaseAttribute("shardId-000000000000", "childShardIds").ss())
        .containsExactlyInAnyOrder("shardId-000000000002", "shardId-000000000003");
    assertThat(app.leaseAttribute("shardId-000000000004", "parentShardId").ss())
        .containsExactlyInAnyOrder("shardId-000000000001", "shardId-000000000003");
  }

  @Test
  void aSecondWorkerGetsItsShareAndTheFirstsRestWhenThatStops() throws Exception {
    LocalApplication app = new LocalApplication(cloud, "two", 4);
    try (Scheduler b = app.worker("b").processor(app::remembering).build()) {
      try (Scheduler a = app.worker("a").processor(app::remembering).build()) {
        a.start().join();
        waitUntil("a has all", () -> a.snapshot().shards().size() == 4);
        app.put(0, 20);
        b.start().join();
        waitUntil("b has half", () -> b.snapshot().shards().size() == 2);
        app.put(20, 40);
        waitUntil("all read", () -> app.seen.size() == 40);
      }
      waitUntil("b has all", () -> b.snapshot().shards().size() == 4);
      app.put(40, 60);
      waitUntil("all read", () -> app.seen.size() == 60);
    }
    assertThat(app.distinctSeen()).isEqualTo(60);
  }
}
