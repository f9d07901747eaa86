package org.openkcl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openkcl.LocalApplication.waitUntil;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openkcl.local.LocalCloud;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class BadInputIT {
  private static LocalCloud cloud;

  @BeforeAll
  static void startCloud() {
    cloud = LocalCloud.start();
  }

  @AfterAll
  static void stopCloud() {
    cloud.close();
  }

  private static URI nobodyListens() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }
  }

  @Test
  void anUnknownStreamFailsTheStartAtOnceAndNamesTheStream() {
    try (Scheduler scheduler = Scheduler.builder()
        .applicationName("unknown")
        .streamName("no-such-stream")
        .initialPosition(InitialPosition.latest())
        .clients(cloud.clients())
        .processor(() -> batch -> {})
        .build()) {
      assertThatThrownBy(() -> scheduler.start().join())
          .isInstanceOf(CompletionException.class)
          .hasMessageContaining("no-such-stream")
          .hasMessageContaining("streamName");
      assertThatThrownBy(() -> scheduler.stopped().join()).hasMessageContaining("no-such-stream");
      assertThat(scheduler.health().status()).isEqualTo(Health.Status.DOWN);
    }
  }

  @Test
  void aKinesisEndpointThatIsDownFailsTheStartAfterItsTimeoutAndNamesTheEndpoint()
      throws Exception {
    URI down = nobodyListens();
    try (Scheduler scheduler = Scheduler.builder()
        .applicationName("down")
        .streamName("any")
        .initialPosition(InitialPosition.latest())
        .startTimeout(Duration.ofSeconds(2))
        .clients(LocalCloud.clientsFor(down, cloud.dynamoDbEndpoint()))
        .processor(() -> batch -> {})
        .build()) {
      assertThatThrownBy(() -> scheduler.start().join())
          .hasMessageContaining(String.valueOf(down.getPort()));
    }
  }

  @Test
  void aDynamoDbEndpointThatIsDownFailsTheStartAfterItsTimeoutAndNamesTheTable() throws Exception {
    LocalApplication app = new LocalApplication(cloud, "no-table", 1);
    try (Scheduler scheduler = Scheduler.builder()
        .applicationName("no-table")
        .streamName(app.name)
        .initialPosition(InitialPosition.latest())
        .startTimeout(Duration.ofSeconds(2))
        .clients(LocalCloud.clientsFor(cloud.kinesisEndpoint(), nobodyListens()))
        .processor(() -> batch -> {})
        .build()) {
      assertThatThrownBy(() -> scheduler.start().join()).hasMessageContaining("no-table");
    }
  }

  @Test
  void aStreamDeletedUnderWayEndsTheWorkerAndKeepsTheCheckpoints() throws Exception {
    LocalApplication app = new LocalApplication(cloud, "deleted", 1);
    app.put(0, 5);
    try (Scheduler scheduler = app.worker("a").processor(app::remembering).build()) {
      scheduler.start().join();
      waitUntil("records", () -> app.seen.size() == 5);
      cloud.kinesis().deleteStream(b -> b.streamName("deleted")).join();
      assertThatThrownBy(() -> scheduler.stopped().join())
          .isInstanceOf(CompletionException.class)
          .hasMessageContaining("deleted");
      assertThat(scheduler.health().status()).isEqualTo(Health.Status.DOWN);
    }
    assertThat(app.leaseAttribute("shardId-000000000000", "checkpoint").s()).matches("\\d+");
  }

  @Test
  void aStreamThatWasCreatedAnewIsNotMixedWithTheFormerOne() throws Exception {
    LocalApplication app = new LocalApplication(cloud, "recreated", 1);
    app.put(0, 5);
    try (Scheduler scheduler = app.worker("a").processor(app::remembering).build()) {
      scheduler.start().join();
      waitUntil("records", () -> app.seen.size() == 5);
      cloud.changeStreams(streams -> streams.deleteStream("recreated"));
      java.util.concurrent.TimeUnit.MILLISECONDS.sleep(1_100); // creation times are whole seconds
      cloud.changeStreams(streams -> streams.createStream("recreated", 1));
      assertThatThrownBy(() -> scheduler.stopped().join())
          .hasMessageContaining("recreated")
          .hasMessageMatching("(?s).*(created again|does not exist).*");
    }
  }

  @Test
  void aMalformedLeaseItemLeavesTheOtherShardsAloneAndIsReadOnceRepaired() throws Exception {
    LocalApplication app = new LocalApplication(cloud, "malformed", 2);
    try (Scheduler scheduler = app.worker("a").processor(app::remembering).build()) {
      scheduler.start().join();
    }
    Map<String, AttributeValue> key =
        Map.of("leaseKey", AttributeValue.fromS("shardId-000000000000"));
    cloud
        .dynamoDb()
        .updateItem(b -> b.tableName("malformed").key(key).updateExpression("REMOVE leaseCounter"))
        .join();
    app.put(0, 40);
    try (Scheduler scheduler = app.worker("a").processor(app::remembering).build()) {
      scheduler.start().join();
      waitUntil("the other shard's records", () -> !app.seen.isEmpty());
      assertThat(scheduler.snapshot().shards()).hasSizeLessThanOrEqualTo(1);
      cloud
          .dynamoDb()
          .updateItem(b -> b.tableName("malformed")
              .key(key)
              .updateExpression("SET leaseCounter = :c")
              .expressionAttributeValues(
                  Map.of(":c", AttributeValue.fromN(String.valueOf(System.currentTimeMillis())))))
          .join();
      waitUntil("all records", () -> app.distinctSeen() == 40);
    }
  }
}
