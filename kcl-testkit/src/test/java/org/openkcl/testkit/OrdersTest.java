package org.openkcl.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openkcl.InitialPosition;
import org.openkcl.Scheduler;
import org.openkcl.local.LocalCloud;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

@LocalStream(name = "orders", shards = 2)
class OrdersTest {
  @Test
  void processesAnOrder(
      LocalCloud cloud, KinesisAsyncClient kinesis, @LocalStream.Name String stream)
      throws Exception {
    SdkBytes order = SdkBytes.fromUtf8String("3 apples");
    kinesis.putRecord(b -> b.streamName(stream).partitionKey("42").data(order)).join();

    CompletableFuture<String> processed = new CompletableFuture<>();
    try (Scheduler scheduler = Scheduler.builder()
        .applicationName("orders-app")
        .streamName(stream)
        .clients(cloud.clients())
        .initialPosition(InitialPosition.trimHorizon())
        .processor(() -> batch -> processed.complete(batch.records().get(0).partitionKey()))
        .build()) {
      scheduler.start().join();
      assertThat(processed.get(1, TimeUnit.MINUTES)).isEqualTo("42");
    }
  }
}
