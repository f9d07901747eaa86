package org.openkcl.samples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openkcl.local.LocalCloud;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/** Runs the quickstart as it stands, in a JVM of its own that is pointed to a local stream. */
class QuickstartIT {

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void printsEveryRecordAndEndsOnSigterm(@TempDir Path directory)
      throws IOException, InterruptedException {
    Path log = directory.resolve("log");
    try (LocalCloud cloud = LocalCloud.start()) {
      KinesisAsyncClient kinesis = cloud.kinesis();
      createStream(kinesis);
      for (String origin : List.of("DTW", "HNL", "LAS")) {
        kinesis
            .putRecord(put -> put.streamName("flights")
                .partitionKey(origin)
                .data(SdkBytes.fromUtf8String("a flight from " + origin)))
            .join();
      }

      Process process = new ProcessBuilder(
              ProcessHandle.current().info().command().orElse("java"),
              "-Daws.endpointUrlKinesis=" + cloud.kinesisEndpoint(),
              "-Daws.endpointUrlDynamoDb=" + cloud.dynamoDbEndpoint(),
              "-Daws.region=us-east-1",
              "-Daws.accessKeyId=local",
              "-Daws.secretAccessKey=local",
              "-cp",
              System.getProperty("java.class.path"),
              Quickstart.class.getName())
          .redirectError(log.toFile())
          .start();
      try (BufferedReader out =
          new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
        List<String> printed = List.of(
            String.valueOf(out.readLine()),
            String.valueOf(out.readLine()),
            String.valueOf(out.readLine()));
        assertThat(printed)
            .as(Files.readString(log))
            .containsExactlyInAnyOrder(
                "DTW a flight from DTW", "HNL a flight from HNL", "LAS a flight from LAS");

        process.toHandle().destroy();
        assertThat(process.waitFor(40, TimeUnit.SECONDS)).as("ends on SIGTERM").isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isIn(0, 143);
        assertThat(out.readLine()).as("nothing else").isNull();
      } finally {
        process.destroyForcibly();
      }
    }
  }

  private static void createStream(KinesisAsyncClient kinesis) {
    kinesis.createStream(request -> request.streamName("flights").shardCount(2)).join();
    kinesis
        .waiter()
        .waitUntilStreamExists(
            request -> request.streamName("flights"),
            waiter -> waiter
                .backoffStrategyV2(BackoffStrategy.fixedDelayWithoutJitter(Duration.ofMillis(100)))
                .maxAttempts(100))
        .join();
  }
}
