package org.openkcl.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;

class AwsClientsTest {
  /** Nothing listens on the discard port of the loopback interface. */
  static final Consumer<AwsClientBuilder<?, ?>> NOWHERE = builder -> builder
      .endpointOverride(URI.create("http://127.0.0.1:9"))
      .region(Region.US_EAST_1)
      .credentialsProvider(
          StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")));

  @Test
  void bothClientsTogetherUseFewThreadsAndNoneAreLeftAfterClosing() throws Exception {
    Set<Thread> before = threads();
    long closedNanos;
    try (AwsClients clients = AwsClients.create(NOWHERE)) {
      for (int i = 0; i < 10; i++) {
        assertThatThrownBy(() -> clients.kinesis().listStreams().join())
            .isInstanceOf(CompletionException.class)
            .hasCauseInstanceOf(SdkException.class);
        assertThatThrownBy(() -> clients.dynamoDb().listTables().join())
            .isInstanceOf(CompletionException.class)
            .hasCauseInstanceOf(SdkException.class);
      }
      Set<Thread> started = threads();
      started.removeAll(before);
      assertThat(started).hasSizeLessThanOrEqualTo(5);
      assertThat(started).allMatch(Thread::isDaemon);
      closedNanos = System.nanoTime();
    }
    assertThat(System.nanoTime() - closedNanos).isLessThan(2_000_000_000L);
    for (Thread thread : threads()) {
      if (!before.contains(thread)) {
        thread.join(5_000);
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }

  @Test
  void whatTheUserSetsWins() {
    try (AwsClients clients = AwsClients.create(NOWHERE)) {
      assertThat(clients.kinesis().serviceClientConfiguration().endpointOverride())
          .contains(URI.create("http://127.0.0.1:9"));
      assertThat(clients.dynamoDb().serviceClientConfiguration().region())
          .isEqualTo(Region.US_EAST_1);
    }
  }

  private static Set<Thread> threads() {
    return new HashSet<>(Thread.getAllStackTraces().keySet());
  }
}
