package org.openkcl.multilang;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openkcl.local.LocalCloud;
import org.openkcl.multilang.conformance.Conformance;
import org.openkcl.multilang.conformance.Result;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/**
 * The samples in other languages as a user runs them: the daemon in a process of its own, one child
 * per shard or one for all, a stream that is resharded, an orderly end. Python 3 and Node.js with npm have to be
 * there; the environment variable {@code OPENKCL_LANGUAGES=required} makes their absence a failure.
 */
class SamplesIT {
  private static final Path SAMPLES = Path.of("..", "samples").toAbsolutePath().normalize();
  private static final Path FLIGHTS =
      SAMPLES.resolve("demo/src/main/resources/org/openkcl/samples/demo/flights-2001-q1.csv.gz");
  private static final int RECORDS = 1_200;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir
  private Path ledger;

  private LocalCloud cloud = LocalCloud.start();
  private final Map<String, String> airports = new HashMap<>();
  private @Nullable Process started;

  @BeforeEach
  void createStream() {
    cloud.kinesis().createStream(b -> b.streamName("flights").shardCount(2)).join();
  }

  @AfterEach
  void stop() {
    if (started != null) {
      started.destroyForcibly();
    }
    cloud.close();
  }

  /** What is done to the children. */
  private enum Way {
    /** One child per shard, in peace. */
    PEACE,
    /** One child per shard, and one of them is killed half way, which its shard alone may notice. */
    KILLING_ONE,
    /** One child for all shards, which is killed half way. */
    KILLING_THE_ONLY_ONE
  }

  @Test
  void countsFlightsInPython() throws Exception {
    Languages.require("python3");
    consume(SAMPLES.resolve("python-processor"), "flights-python", Way.KILLING_ONE);
  }

  @Test
  void countsFlightsInPythonWithOneChildForAllShards() throws Exception {
    Languages.require("python3");
    consume(SAMPLES.resolve("python-processor"), "flights-python", Way.KILLING_THE_ONLY_ONE);
  }

  @Test
  void theSampleInPythonKeepsToTheProtocolAndTakesTheExtensionUp() throws Exception {
    Languages.require("python3");
    Path program = SAMPLES.resolve("python-processor/flights_per_airport.py");
    assertThat(conformance("python3", program.toString()))
        .noneMatch(result -> result.outcome() != Result.Outcome.OK);
  }

  @Test
  void countsFlightsInNodeWithAmazonsPackage() throws Exception {
    Languages.require("node", "npm");
    Path folder = Path.of("target", "node-processor").toAbsolutePath();
    Files.createDirectories(folder);
    for (String file :
        List.of("package.json", "package-lock.json", "flights_per_airport.js", "app.properties")) {
      Files.copy(
          SAMPLES.resolve("node-processor").resolve(file),
          folder.resolve(file),
          StandardCopyOption.REPLACE_EXISTING);
    }
    if (!Files.exists(folder.resolve("node_modules/aws-kcl"))) {
      Process npm = new ProcessBuilder(
              "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline")
          .directory(folder.toFile())
          .inheritIO()
          .start();
      assertThat(npm.waitFor()).as("npm ci").isZero();
    }
    consume(folder, "flights-node", Way.PEACE);
    assertThat(conformance("node", folder.resolve("flights_per_airport.js").toString()))
        .noneMatch(result -> result.outcome() == Result.Outcome.FAILED)
        .filteredOn(result -> result.check().startsWith("shards:"))
        .allMatch(result -> result.outcome() == Result.Outcome.SKIPPED);
  }

  /** {@code amazon_kclpy} and {@code aws-kclrb} themselves are not run: see docs/multilang.md. */
  @ParameterizedTest
  @ValueSource(strings = {"kclpy", "kclrb"})
  void countsFlightsWithAStrictStandIn(String standIn, @TempDir Path folder) throws Exception {
    Languages.require("python3");
    Path resources = Path.of(SamplesIT.class.getResource("/standins").toURI());
    for (String file : List.of("flights.py", standIn + ".py")) {
      Files.copy(resources.resolve(file), folder.resolve(file));
    }
    String properties = Files.readString(resources.resolve("app.properties"));
    Files.writeString(folder.resolve("app.properties"), properties.replace("${standin}", standIn));
    consume(folder, "flights-standin", Way.PEACE);
    assertThat(Files.readString(ledger.resolve("daemon.log"))).doesNotContain("Traceback");
    String program = folder.resolve(standIn + ".py").toString();
    assertThat(conformance("python3", program, "as-the-package"))
        .noneMatch(result -> result.outcome() == Result.Outcome.FAILED)
        .filteredOn(result -> result.check().startsWith("shards:"))
        .allMatch(result -> result.outcome() == Result.Outcome.SKIPPED);
  }

  private static List<Result> conformance(String... command) throws Exception {
    List<Result> results = new ArrayList<>();
    new Conformance(List.of(command), Duration.ofSeconds(30), flights().subList(0, 100))
        .run(rule -> true, results::add);
    return results;
  }

  private void consume(Path folder, String application, Way way) throws Exception {
    List<String> flights = flights();
    put(flights.subList(0, RECORDS / 2));
    Path log = start(folder, way == Way.KILLING_THE_ONLY_ONE);
    await(log, "the first half", () -> counted().size() >= RECORDS / 2);
    if (way == Way.KILLING_THE_ONLY_ONE) {
      assertThat(daemon().children()).hasSize(1);
    }
    if (way != Way.PEACE) {
      daemon().children().findFirst().orElseThrow().destroyForcibly();
    }
    cloud
        .kinesis()
        .splitShard(b -> b.streamName("flights")
            .shardToSplit("shardId-000000000000")
            .newStartingHashKey("42535295865117307932921825928971026432"))
        .join();
    put(flights.subList(RECORDS / 2, RECORDS));
    await(log, "everything", () -> counted().size() == RECORDS);
    assertThat(counted()).isEqualTo(airports);
    await(log, "the end of the split shard", () -> isEnded(application, "shardId-000000000000"));
    await(log, "the last checkpoints", () -> lastAreCheckpointed(application));
    if (way == Way.KILLING_THE_ONLY_ONE) {
      assertThat(daemon().children()).hasSize(1);
    }
    Process daemon = daemon();
    daemon.destroy();
    assertThat(daemon.waitFor(1, TimeUnit.MINUTES))
        .as("the daemon ends at SIGTERM")
        .isTrue();
    String told = Files.readString(log);
    assertThat(told).contains("has stopped");
    if (way == Way.KILLING_THE_ONLY_ONE) {
      assertThat(told)
          .containsPattern("INFO +\\[shardId-000000000001\\] [0-9]+ flights, most from");
    }
    if (way != Way.PEACE) {
      assertThat(told).contains("was ended by signal 9");
    } else {
      assertThat(told).doesNotContain("ERROR");
    }
    assertThat(daemon.descendants()).isEmpty();
  }

  private static List<String> flights() throws IOException {
    try (BufferedReader lines = new BufferedReader(
        new InputStreamReader(new GZIPInputStream(Files.newInputStream(FLIGHTS)), UTF_8))) {
      return lines.lines().skip(1).limit(RECORDS).toList();
    }
  }

  private void put(List<String> flights) {
    for (int i = 0; i < flights.size(); i += 100) {
      List<String> batch = flights.subList(i, i + 100);
      var reply = cloud
          .kinesis()
          .putRecords(b -> b.streamName("flights")
              .records(batch.stream()
                  .map(flight -> PutRecordsRequestEntry.builder()
                      .partitionKey(flight.split(",", -1)[3] + flight.hashCode())
                      .data(SdkBytes.fromUtf8String(flight))
                      .build())
                  .toList()))
          .join();
      for (int n = 0; n < batch.size(); n++) {
        airports.put(reply.records().get(n).sequenceNumber(), batch.get(n).split(",", -1)[3]);
      }
    }
  }

  private Path start(Path folder, boolean shared) throws IOException {
    Path log = ledger.resolve("daemon.log");
    ProcessBuilder builder = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "software.amazon.kinesis.multilang.MultiLangDaemon",
            "--properties-file",
            "app.properties")
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("FLIGHTS_LEDGER", ledger.toString());
    environment.put("OPENKCL_KINESIS_ENDPOINT", cloud.kinesisEndpoint().toString());
    environment.put("OPENKCL_DYNAMO_DB_ENDPOINT", cloud.dynamoDbEndpoint().toString());
    environment.put("OPENKCL_METRICS_LEVEL", "NONE"); // there is no CloudWatch at a local address
    environment.put("OPENKCL_IDLE_TIME_BETWEEN_READS_IN_MILLIS", "300");
    environment.put("AWS_ACCESS_KEY_ID", "local");
    if (shared) {
      environment.put("OPENKCL_SHARED_CHILDREN", "1");
    }
    environment.put("AWS_SECRET_ACCESS_KEY", "local");
    started = builder.start();
    return log;
  }

  private Process daemon() {
    return Objects.requireNonNull(started);
  }

  /** The airport of every flight that a child has counted, by its sequence number. */
  private Map<String, String> counted() {
    Map<String, String> counted = new HashMap<>();
    try (Stream<Path> files = Files.list(ledger)) {
      for (Path file : new ArrayList<>(files.toList())) {
        if (file.toString().endsWith(".csv")) {
          for (String line : Files.readAllLines(file)) {
            String[] parts = line.split(",", -1);
            counted.put(parts[0], parts.length > 1 ? parts[1] : "?");
          }
        }
      }
      return counted;
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  private boolean isEnded(String application, String shardId) {
    return checkpoints(application).getOrDefault(shardId, "").equals("SHARD_END");
  }

  /** Whether every shard is checkpointed at a record that a child has counted. */
  private boolean lastAreCheckpointed(String application) {
    return checkpoints(application).values().stream()
        .allMatch(checkpoint -> checkpoint.equals("SHARD_END") || airports.containsKey(checkpoint));
  }

  private Map<String, String> checkpoints(String application) {
    Map<String, String> checkpoints = new HashMap<>();
    for (Map<String, AttributeValue> item :
        cloud.dynamoDb().scan(b -> b.tableName(application)).join().items()) {
      AttributeValue shardId = item.get("leaseKey");
      AttributeValue checkpoint = item.get("checkpoint");
      if (shardId != null && checkpoint != null) {
        checkpoints.put(shardId.s(), checkpoint.s());
      }
    }
    return checkpoints;
  }

  private void await(Path log, String what, BooleanSupplier condition) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(daemon().isAlive()).as("%s: %s", what, Files.readString(log)).isTrue();
      assertThat(System.nanoTime() - end)
          .as(
              "waiting for %s: %d of %d counted; %s",
              what, counted().size(), RECORDS, Files.readString(log))
          .isNegative();
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }
}
