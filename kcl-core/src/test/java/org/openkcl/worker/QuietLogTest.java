package org.openkcl.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.memory.TableFaults;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.processor.ShardRecordProcessor;
import org.slf4j.LoggerFactory;

/** What a worker says above DEBUG: little, and each line with the id of its event. */
class QuietLogTest {
  private static final Pattern ID =
      Pattern.compile("(?:\"event\", |warn\\(\\s*|return )\"([a-z]+\\.[a-z-]+)\"");

  /** A line, and when it was written in virtual time. */
  private record Line(Instant at, Level level, String id, String text) {}

  /** The log of one simulated world. */
  private static final class Log extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final List<Line> lines = new ArrayList<>();
    private final Logger root = (Logger) LoggerFactory.getLogger("org.openkcl");
    private final SimulatedWorkers workers;

    private Log(SimulatedWorkers workers) {
      this.workers = workers;
      start();
      root.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
      if (event.getLevel().isGreaterOrEqual(Level.INFO)) {
        lines.add(new Line(
            workers.world.instant(), event.getLevel(), idOf(event), event.getFormattedMessage()));
      }
    }

    private static String idOf(ILoggingEvent event) {
      return event.getKeyValuePairs() == null
          ? ""
          : event.getKeyValuePairs().stream()
              .filter(pair -> pair.key.equals("event"))
              .map(pair -> String.valueOf(pair.value))
              .findFirst()
              .orElse("");
    }

    private Map<String, Integer> counted() {
      Map<String, Integer> counts = new TreeMap<>();
      lines.forEach(line -> counts.merge(line.id(), 1, Integer::sum));
      return counts;
    }

    @Override
    public void close() {
      root.detachAppender(this);
    }
  }

  private static ShardRecordProcessor good(SimulatedWorkers workers) {
    return input -> {
      workers.remember(input.records());
      input.checkpointer().checkpoint();
    };
  }

  @Test
  void aHealthyHour() {
    try (SimulatedWorkers workers = new SimulatedWorkers(1, 4);
        Log log = new Log(workers)) {
      workers.start("a", process -> good(workers));
      workers.runFor(Duration.ofSeconds(30));
      workers.start("b", process -> good(workers));
      for (int second = 0; second < 3_600; second += 10) {
        for (int shard = 0; shard < 4; shard++) {
          workers.stream.put(shard, 7);
        }
        workers.runFor(Duration.ofSeconds(10));
      }
      workers.runUntilProcessed(20);
      assertThat(log.lines).allMatch(line -> line.level() == Level.INFO);
      assertThat(log.counted())
          .containsOnly(
              entry("lease.creating", 1),
              entry("worker.started", 2),
              entry("worker.health-changed", 2),
              entry("shard.started", 4 + 2),
              entry("lease.handing-over", 2),
              entry("lease.released", 2));
      assertThat(log.lines).hasSizeLessThanOrEqualTo(20);
      Instant settled = workers.world.instant().minus(Duration.ofMinutes(59));
      assertThat(log.lines).noneMatch(line -> line.at().isAfter(settled));
    }
  }

  @Test
  void aWarningOfOneCauseComesAtMostOnceAMinuteHoweverManyShardsItConcerns() {
    try (SimulatedWorkers workers = new SimulatedWorkers(2, 16);
        Log log = new Log(workers)) {
      workers.handling(h -> h.with(event -> {
        throw new IllegalStateException("a listener that always throws");
      }));
      workers.start("a", process -> good(workers));
      workers.runFor(Duration.ofSeconds(20));
      workers.stream.failing(StreamFailure.Kind.THROTTLED);
      workers.runFor(Duration.ofMinutes(5));
      workers.stream.failing();
      workers.runFor(Duration.ofSeconds(30));
      workers.stream.silent(true);
      workers.runFor(Duration.ofMinutes(5));
      workers.stream.silent(false);
      workers.tableFaults(new TableFaults(Duration.ofMillis(10), 0, 1, 0));
      workers.runFor(Duration.ofMinutes(5));
      workers.tableFaults(TableFaults.NONE);
      workers.runFor(Duration.ofMinutes(2));
      Map<String, Instant> last = new HashMap<>();
      for (Line line : log.lines) {
        if (line.level() == Level.WARN) {
          Instant before = last.put(line.id(), line.at());
          assertThat(before == null || !before.isAfter(line.at().minusSeconds(60)))
              .as("%s at %s and %s", line, before, line.at())
              .isTrue();
        }
      }
      assertThat(last.keySet())
          .contains(
              "shard.unreadable",
              "reading.restarted",
              "lease.unwritable",
              "table.unreadable",
              "listener.threw",
              "worker.health-changed");
      assertThat(log.lines).noneMatch(line -> line.id().isEmpty());
    }
  }

  @Test
  void everyLineAboveDebugIsWrittenWithAnId() {
    assertThat(sources()
            .filter(source -> Pattern.compile("\\blog\\.(info|warn|error)\\(")
                .matcher(read(source))
                .find())
            .map(Path::getFileName))
        .isEmpty();
  }

  @Test
  void everyIdIsInTheManual() {
    TreeSet<String> ids = new TreeSet<>();
    sources().forEach(source -> {
      Matcher found = ID.matcher(read(source));
      while (found.find()) {
        ids.add(found.group(1));
      }
    });
    assertThat(ids).contains("worker.started", "table.unreadable", "lease.handing-over");
    String manual = read(Path.of("../docs/operations.md"));
    assertThat(ids).allMatch(id -> manual.contains("`" + id + "`"));
  }

  private static Stream<Path> sources() {
    return Stream.of(
            "src/main/java", "../kcl-leases/src/main/java", "../kcl-multilang/src/main/java")
        .flatMap(folder -> {
          try (Stream<Path> files = Files.walk(Path.of(folder))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
          } catch (IOException failure) {
            throw new UncheckedIOException(failure);
          }
        });
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
