package org.openkcl.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.openkcl.InitialPosition;
import org.openkcl.Scheduler;
import org.openkcl.fleet.peer.PeerProcess;
import org.openkcl.local.LocalCloud;
import org.openkcl.local.model.metrics.DataPoint;
import org.openkcl.local.model.metrics.Statistics;
import org.openkcl.metrics.ConsumerMetric;
import org.openkcl.metrics.ConsumerMetric.Kinship;
import org.openkcl.metrics.MetricLevel;
import org.openkcl.metrics.MetricUnit;
import org.openkcl.metrics.MetricsSettings;
import org.openkcl.processor.InitializationInput;
import org.openkcl.processor.LeaseLostInput;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.ShardEndedInput;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ShutdownRequestedInput;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/**
 * Amazon's library and OpenKCL do the same work, and what both publish under one name is compared:
 * dimensions and unit, totals of counts and bytes, numbers of times. The table of both is in {@code
 * target/metrics-beside-amazon.txt}.
 */
class MetricsBesideAmazonIT {
  private static final String STREAM = "orders";
  private static final String AMAZONS = "amazons";
  private static final String OURS = "ours";
  private static final int RECORDS = 500;
  private static final int BATCH = 50;
  private static final Duration COLD_START_MAX = Duration.ofMinutes(4);
  private static final Duration PUBLISHED_MAX = Duration.ofMinutes(2);

  private static final Path ABSENT_LIST =
      Path.of("..", "kcl-core", "src", "test", "resources", "absent-metrics.txt");

  /**
   * Shared by name and meaning, with a number of values that follows from how often each library
   * reads, looks or starts anew, and not from the work.
   */
  private static final Set<ConsumerMetric> PACED = EnumSet.of(
      ConsumerMetric.MILLIS_BEHIND_LATEST,
      ConsumerMetric.APPLICATION_BEHIND,
      ConsumerMetric.BATCH_SUCCESS,
      ConsumerMetric.BATCH_TIME);

  /** Those in shardEnded Amazon's library counts under either operation, by what others are doing. */
  private static final Set<ConsumerMetric> CHECKPOINTS =
      EnumSet.of(ConsumerMetric.CHECKPOINT_SUCCESS, ConsumerMetric.CHECKPOINT_TIME);

  /** What does not happen in this workload. */
  private static final Set<ConsumerMetric> ABSENT =
      EnumSet.of(ConsumerMetric.EXPIRED_ITERATOR, ConsumerMetric.ACTIVE_STREAMS);

  @Test
  void whatBothPublishIsTheSame() throws Exception {
    try (LocalCloud cloud = LocalCloud.start()) {
      putWork(cloud);
      try (PeerProcess peer = amazons(cloud);
          Scheduler scheduler = ours(cloud)) {
        scheduler.start().join();
        peer.await(
            "everything",
            COLD_START_MAX,
            events -> events.stream().filter(event -> event.is("initialized")).count() == 4
                && events.stream()
                        .filter(event -> event.is("records"))
                        .mapToInt(event -> event.sequenceNumbers().size())
                        .sum()
                    == RECORDS);
        long end = System.nanoTime() + PUBLISHED_MAX.toNanos();
        while (!differences(cloud).isEmpty() && System.nanoTime() - end < 0) {
          TimeUnit.MILLISECONDS.sleep(500); // until both have published what they did
        }
        compare(cloud);
      }
    }
  }

  private static void compare(LocalCloud cloud) throws Exception {
    Map<String, Series> amazons = series(cloud, AMAZONS);
    Map<String, Series> ours = series(cloud, OURS);
    Set<String> unknown = new LinkedHashSet<>(amazons.keySet());
    unknown.removeAll(ours.keySet());
    Files.writeString(
        Path.of("target", "metrics-beside-amazon.txt"), table(amazons, ours, unknown), UTF_8);
    assertThat(differences(cloud))
        .as("differences; all in target/metrics-beside-amazon.txt")
        .isEmpty();
    assertThat(total(cloud, OURS, ConsumerMetric.RECORDS_PROCESSED)).isEqualTo(RECORDS);
    assertThat(samples(cloud, OURS, ConsumerMetric.PROCESS_RECORDS_TIME))
        .isEqualTo(RECORDS / BATCH);
    listAbsent(unknown);
  }

  private static List<String> differences(LocalCloud cloud) {
    Map<String, Series> amazons = series(cloud, AMAZONS);
    Map<String, Series> ours = series(cloud, OURS);
    List<String> wrong = new ArrayList<>();
    for (ConsumerMetric metric : shared()) {
      String key = keyOf(metric);
      Series his = amazons.get(key);
      Series elsewhere = amazons.get("ShutdownTask/" + metric.cloudWatchName());
      if (his != null && elsewhere != null && CHECKPOINTS.contains(metric)) {
        his = his.and(elsewhere);
      }
      Series mine = ours.get(key);
      if (his == null || mine == null) {
        wrong.add(key + " is published by one only: Amazon's " + his + ", ours " + mine);
      } else {
        difference(metric, his, mine).ifPresent(what -> wrong.add(key + ": " + what));
      }
    }
    for (Map<String, Series> library : List.of(amazons, ours)) {
      Series tasks = library.get("ProcessTask/Success");
      Series times = library.get("ProcessTask/Time");
      if (tasks == null || times == null || tasks.samples() != times.samples()) {
        wrong.add("Not as many times of tasks as tasks: " + times + ", " + tasks);
      }
    }
    return wrong;
  }

  private static List<ConsumerMetric> shared() {
    return Arrays.stream(ConsumerMetric.values())
        .filter(metric -> metric.kinship() != Kinship.OURS && !ABSENT.contains(metric))
        .toList();
  }

  private static String keyOf(ConsumerMetric metric) {
    return metric.operation() + "/" + metric.cloudWatchName();
  }

  private static String table(
      Map<String, Series> amazons, Map<String, Series> ours, Set<String> unknown) {
    return shared().stream()
            .map(metric -> "%-55s %s | %s"
                .formatted(keyOf(metric), amazons.get(keyOf(metric)), ours.get(keyOf(metric))))
            .collect(Collectors.joining("\n"))
        + "\n\nAmazon's only: "
        + unknown
        + "\n";
  }

  /** What we do not have is in the list that docs/metrics.md is made of, with its reason. */
  private static void listAbsent(Set<String> unknown) throws Exception {
    Set<String> listed = new HashSet<>();
    for (String line : Files.readAllLines(ABSENT_LIST, UTF_8)) {
      String[] columns = line.split(" \\| ", -1);
      if (columns.length == 3) {
        for (String name : columns[1].split(", ", -1)) {
          listed.add(columns[0] + "/" + name);
        }
      }
    }
    assertThat(listed).as("Amazon's metrics without a reason why not").containsAll(unknown);
  }

  private static Optional<String> difference(ConsumerMetric metric, Series his, Series mine) {
    if (!his.dimensions().equals(mine.dimensions())) {
      return Optional.of("dimensions " + his.dimensions() + " and " + mine.dimensions());
    }
    if (!his.unit().equals(mine.unit())) {
      return Optional.of("units " + his.unit() + " and " + mine.unit());
    }
    if (metric.kinship() == Kinship.OWN_PACE || PACED.contains(metric)) {
      return Optional.empty();
    }
    boolean equal = metric.unit() == MetricUnit.MILLISECONDS
        ? his.samples() == mine.samples()
        : his.total() == mine.total();
    return equal ? Optional.empty() : Optional.of("Amazon's " + his + ", ours " + mine);
  }

  /** All series of one operation and name, whatever their other dimensions' values. */
  private record Series(Set<String> dimensions, Set<String> unit, double samples, double total) {
    private Series and(Series other) {
      return new Series(dimensions, unit, samples + other.samples, total + other.total);
    }

    @Override
    public String toString() {
      return "%s %s n=%.0f sum=%.0f".formatted(dimensions, unit, samples, total);
    }
  }

  private static Map<String, Series> series(LocalCloud cloud, String application) {
    Map<String, List<DataPoint>> points = new TreeMap<>();
    for (DataPoint point : points(cloud, application)) {
      String operation = point.metric().dimensions().getOrDefault("Operation", "");
      points
          .computeIfAbsent(operation + "/" + point.metric().name(), key -> new ArrayList<>())
          .add(point);
    }
    Map<String, Series> series = new TreeMap<>();
    points.forEach((key, all) -> {
      Statistics statistics =
          all.stream().map(DataPoint::statistics).reduce(Statistics::and).orElseThrow();
      series.put(
          key,
          new Series(
              all.stream()
                  .flatMap(point -> point.metric().dimensions().keySet().stream())
                  .collect(Collectors.toSet()),
              all.stream().map(DataPoint::unit).collect(Collectors.toSet()),
              statistics.sampleCount(),
              statistics.sum()));
    });
    return series;
  }

  private static double total(LocalCloud cloud, String application, ConsumerMetric metric) {
    return of(cloud, application, metric).stream()
        .mapToDouble(point -> point.statistics().sum())
        .sum();
  }

  private static double samples(LocalCloud cloud, String application, ConsumerMetric metric) {
    return of(cloud, application, metric).stream()
        .mapToDouble(point -> point.statistics().sampleCount())
        .sum();
  }

  private static List<DataPoint> of(LocalCloud cloud, String application, ConsumerMetric metric) {
    return points(cloud, application).stream()
        .filter(point -> point.metric().name().equals(metric.cloudWatchName()))
        .filter(point -> metric.operation().equals(point.metric().dimensions().get("Operation")))
        .toList();
  }

  private static List<DataPoint> points(LocalCloud cloud, String application) {
    return cloud.metrics(metrics -> metrics.dataPoints(application));
  }

  /** Two shards with so many whole batches each; then one of them is split and so has an end. */
  private static void putWork(LocalCloud cloud) throws InterruptedException {
    cloud.kinesis().createStream(b -> b.streamName(STREAM).shardCount(2)).join();
    for (int shard = 0; shard < 2; shard++) {
      String hashKey = shard == 0 ? "0" : "340282366920938463463374607431768211455";
      List<PutRecordsRequestEntry> entries = IntStream.range(0, RECORDS / 2)
          .mapToObj(n -> PutRecordsRequestEntry.builder()
              .partitionKey("key-" + n)
              .explicitHashKey(hashKey)
              .data(SdkBytes.fromUtf8String("record " + n))
              .build())
          .toList();
      cloud.kinesis().putRecords(b -> b.streamName(STREAM).records(entries)).join();
    }
    cloud
        .kinesis()
        .splitShard(b ->
            b.streamName(STREAM).shardToSplit("shardId-000000000000").newStartingHashKey("1000"))
        .join();
  }

  private static PeerProcess amazons(LocalCloud cloud) throws Exception {
    return PeerProcess.start(
        "amazon-kcl-3.5.1",
        cloud,
        AMAZONS,
        STREAM,
        "worker",
        List.of(
            "--cloudwatch=" + cloud.cloudWatchEndpoint(),
            "--set=polling.maxRecords=" + BATCH,
            "--set=polling.idleTimeBetweenReadsInMillis=300",
            "--set=metrics.metricsBufferTimeMillis=1000",
            "--set=leaseManagement.shardSyncIntervalMillis=1",
            "--set=leaseManagement.failoverTimeMillis=2000",
            "--set=leaseManagement.leaseAssignmentIntervalMillis=1000",
            "--set=coordinator.parentShardPollIntervalMillis=500"));
  }

  private static Scheduler ours(LocalCloud cloud) {
    return Scheduler.builder()
        .applicationName(OURS)
        .streamName(STREAM)
        .workerId("worker")
        .clients(cloud.clients())
        .initialPosition(InitialPosition.trimHorizon())
        .maxRecords(BATCH)
        .idleTimeBetweenReads(Duration.ofMillis(300))
        .metrics(MetricsSettings.builder()
            .level(MetricLevel.DETAILED)
            .flushInterval(Duration.ofSeconds(1))
            .build())
        .processor(Checkpointing::new)
        .build();
  }

  /** As the peers' processors: a checkpoint after every batch, at the end, and when asked. */
  private static final class Checkpointing implements ShardRecordProcessor {
    @Override
    public void initialize(InitializationInput input) {}

    @Override
    public void processRecords(ProcessRecordsInput input) throws Exception {
      input.checkpointer().checkpoint();
    }

    @Override
    public void leaseLost(LeaseLostInput input) {}

    @Override
    public void shardEnded(ShardEndedInput input) throws Exception {
      input.checkpointer().checkpoint();
    }

    @Override
    public void shutdownRequested(ShutdownRequestedInput input) throws Exception {
      input.checkpointer().checkpoint();
    }
  }
}
