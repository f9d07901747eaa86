package org.openkcl.local.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openkcl.local.LocalCloud;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** The program as people run it, in a process of its own. */
class LocalMainIT {
  private static final List<String> FREE_PORTS =
      List.of("--kinesis-port=0", "--dynamodb-port=0", "--cloudwatch-port=0");

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path temporary;

  @Test
  void servesUntilItIsStoppedAndKeepsItsData() throws Exception {
    Path data = temporary.resolve("data");
    try (Running first = start("--stream=orders:2", "--stream=clicks", "--data=" + data)) {
      assertThat(first.banner())
          .contains("orders (2 shards)")
          .contains("clicks (1 shard)")
          .contains(data.toString())
          .contains("export AWS_ENDPOINT_URL_KINESIS=" + first.endpoint("Kinesis"))
          .contains("boto3.client(\"kinesis\", endpoint_url=\"" + first.endpoint("Kinesis"))
          .contains("new KinesisClient({ endpoint: \"" + first.endpoint("Kinesis"));
      try (KinesisAsyncClient kinesis = first.kinesis();
          DynamoDbAsyncClient dynamoDb = first.dynamoDb()) {
        kinesis
            .putRecord(b ->
                b.streamName("clicks").partitionKey("key").data(SdkBytes.fromUtf8String("kept")))
            .join();
        assertThat(dynamoDb.listTables().join().tableNames()).isEmpty();
      }
      String taken = first.endpoint("Kinesis").substring("http://127.0.0.1:".length());
      try (Running second =
          start("--kinesis-port=" + taken, "--dynamodb-port=0", "--cloudwatch-port=0")) {
        assertThat(second.awaitExit()).isEqualTo(1);
        assertThat(second.banner())
            .contains("cannot listen on 127.0.0.1:" + taken)
            .contains("--kinesis-port");
      }
      try (Running second = start("--data=" + data)) {
        assertThat(second.awaitExit()).isEqualTo(1);
        assertThat(second.banner()).contains("in use by another kcl-local");
      }
      first.terminate();
      assertThat(first.awaitExit()).isEqualTo(143);
      assertThat(first.rest()).contains("Stopped.");
    }
    try (Running again = start(
            "--stream=orders:3",
            "--data=" + data,
            "--quiet",
            "--tls=" + temporary.resolve("kinesis.pem"));
        KinesisAsyncClient kinesis = again.kinesis()) {
      assertThat(again.banner())
          .contains("orders (2 shards)")
          .contains("With TLS     https://127.0.0.1:")
          .doesNotContain("boto3");
      assertThat(temporary.resolve("kinesis.pem"))
          .content()
          .startsWith("-----BEGIN CERTIFICATE-----");
      String iterator = kinesis
          .getShardIterator(b -> b.streamName("clicks")
              .shardId("shardId-000000000000")
              .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
          .join()
          .shardIterator();
      assertThat(kinesis.getRecords(b -> b.shardIterator(iterator)).join().records())
          .singleElement()
          .satisfies(record -> assertThat(record.data().asUtf8String()).isEqualTo("kept"));
    }
  }

  @Test
  void saysWhatIsWrongWithItsCommandLine() throws Exception {
    try (Running wrong = start("--stream=orders:none")) {
      assertThat(wrong.awaitExit()).isEqualTo(2);
      assertThat(wrong.banner()).contains("a stream is NAME or NAME:SHARDS");
    }
    try (Running wrong = start("--wait-for-disk")) {
      assertThat(wrong.awaitExit()).isEqualTo(2);
      assertThat(wrong.banner()).contains("--data");
    }
    try (Running help = start("--help")) {
      assertThat(help.awaitExit()).isZero();
      assertThat(help.banner()).contains("--realistic").contains("--data=DIR");
    }
  }

  private static Running start(String... options) throws IOException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx256m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        LocalMain.class.getName()));
    if (List.of(options).stream().noneMatch(option -> option.startsWith("--kinesis-port"))) {
      command.addAll(FREE_PORTS);
    }
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new Running(process);
  }

  /** A process, read until it is ready or has ended. */
  private static final class Running implements AutoCloseable {
    private final Process process;
    private final BufferedReader lines;
    private final String banner;

    Running(Process process) throws IOException {
      this.process = process;
      this.lines = process.inputReader(UTF_8);
      this.banner = read("Ready.");
    }

    private String read(String last) throws IOException {
      StringBuilder text = new StringBuilder();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        text.append(line).append('\n');
        if (line.equals(last)) {
          break;
        }
      }
      return text.toString();
    }

    String banner() {
      return banner;
    }

    /** What it printed after that. */
    String rest() throws IOException {
      return read("");
    }

    String endpoint(String service) {
      Matcher line =
          Pattern.compile("^" + service + " +(\\S+)", Pattern.MULTILINE).matcher(banner);
      assertThat(line.find()).as("%s in %s", service, banner).isTrue();
      return line.group(1);
    }

    KinesisAsyncClient kinesis() {
      return KinesisAsyncClient.builder()
          .applyMutation(LocalCloud.clientsFor(
              URI.create(endpoint("Kinesis")), URI.create(endpoint("DynamoDB")))::accept)
          .build();
    }

    DynamoDbAsyncClient dynamoDb() {
      return DynamoDbAsyncClient.builder()
          .applyMutation(LocalCloud.clientsFor(
              URI.create(endpoint("Kinesis")), URI.create(endpoint("DynamoDB")))::accept)
          .build();
    }

    void terminate() {
      process.toHandle().destroy();
    }

    int awaitExit() throws InterruptedException {
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      return process.exitValue();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
