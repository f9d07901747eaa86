package org.openkcl.metrics.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.SimulatedEnvironment;
import org.openkcl.environment.Simulation;
import org.openkcl.metrics.MetricDatum;
import org.openkcl.metrics.MetricIdentity;
import org.openkcl.metrics.MetricIntake;
import org.openkcl.metrics.MetricUnit;
import org.openkcl.metrics.MetricsRefusedException;
import org.openkcl.metrics.Recorder;
import org.openkcl.metrics.StatisticBuffer;
import org.openkcl.metrics.StatisticSet;

/** In virtual time: the intake of metrics, in whatever state it is, and a worker beside it. */
class MetricPublisherTest {
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final int LIMIT = 50;

  private final Simulation world = new Simulation(8);
  private final SimulatedEnvironment process = world.newProcess("worker");
  private final EventLoop loop = process.newEventLoop("loop");
  private final StatisticBuffer buffer = new StatisticBuffer(LIMIT);
  private final FakeIntake intake = new FakeIntake();
  private final MetricPublisher publisher = new MetricPublisher(
      process, loop, buffer, intake, MetricPublisher.Settings.of(INTERVAL, LIMIT));

  @AfterEach
  void end() {
    world.close();
  }

  @Test
  void atEveryIntervalGoesWhatWasRecordedSinceTheLast() {
    publisher.start();
    Recorder recorder = buffer.recorder(series("a"));
    recorder.record(1);
    recorder.record(2);
    world.runFor(Duration.ofSeconds(9));
    assertThat(intake.accepted).isEmpty();
    world.runFor(Duration.ofSeconds(2));
    assertThat(intake.accepted)
        .extracting(MetricDatum::statistics)
        .containsExactly(new StatisticSet(1, 2, 3, 2));
    world.runFor(Duration.ofSeconds(30));
    assertThat(intake.calls).as("nothing was recorded since").isEqualTo(1);
    recorder.record(5);
    world.runFor(INTERVAL);
    assertThat(intake.accepted)
        .extracting(MetricDatum::statistics)
        .containsExactly(new StatisticSet(1, 2, 3, 2), StatisticSet.of(5));
  }

  @Test
  void whatDoesNotFitOneRequestFollowsInTheNext() {
    intake.fitting = 20;
    for (int n = 0; n < LIMIT; n++) {
      buffer.recorder(series("s" + n)).record(1);
    }
    publisher.start();
    world.runFor(INTERVAL.plusSeconds(1));
    assertThat(intake.sizes).containsExactly(20, 20, 10);
    assertThat(intake.accepted).extracting(MetricDatum::identity).doesNotHaveDuplicates();
  }

  @Test
  void whatIsRefusedForGoodIsDroppedAndDoesNotHoldUpTheRest() {
    intake.fitting = 20;
    for (int n = 0; n < LIMIT; n++) {
      Recorder recorder = buffer.recorder(series("s" + n));
      recorder.record(1);
      recorder.record(1);
    }
    publisher.start();
    intake.trouble = Trouble.REFUSES_FIRST;
    world.runFor(INTERVAL.plusSeconds(1));
    assertThat(intake.sizes).containsExactly(20, 20, 10);
    assertThat(intake.accepted).hasSize(30);
    assertThat(publisher.dropped()).isEqualTo(40);
  }

  /** Shards come and go meanwhile, so that there are more series than there is room for. */
  @ParameterizedTest
  @EnumSource(names = {"DOWN", "SLOW", "TOO_SLOW", "SILENT", "BLOCKS"})
  void tenMinutesOfTroubleCostNothingButValuesThatHaveNoRoom(Trouble trouble) {
    FakeConsumer consumer = new FakeConsumer();
    publisher.start();
    loop.execute(consumer::tick);
    world.runFor(Duration.ofMinutes(1));
    assertThat(publisher.dropped()).isZero();

    intake.trouble = trouble;
    world.runFor(Duration.ofMinutes(10));
    assertThat(consumer.ticks).as("calls of the consumer").isBetween(6_595, 6_600);
    assertThat(intake.atOnceMax).as("requests at once").isEqualTo(1);

    intake.trouble = Trouble.NONE;
    world.runFor(Duration.ofMinutes(11)); // for a thread that hangs, until it does not any more
    consumer.stopped = true;
    world.runFor(Duration.ofSeconds(30));
    assertThat(intake.values() + publisher.dropped()).isEqualTo(consumer.recorded);
    if (trouble == Trouble.SLOW) {
      assertThat(publisher.dropped()).as("slow, but in time").isZero();
    } else {
      assertThat(publisher.dropped()).isPositive();
      assertThat(intake.largest).isLessThanOrEqualTo(LIMIT);
    }
  }

  @Test
  void theLastFlushBringsWhatIsLeft() {
    publisher.start();
    buffer.recorder(series("a")).record(1);
    CompletionStage<Void> closed = publisher.close();
    world.runFor(Duration.ofSeconds(1));
    assertThat(closed.toCompletableFuture()).isCompleted();
    assertThat(intake.accepted).hasSize(1);
    buffer.recorder(series("a")).record(1);
    world.runFor(Duration.ofMinutes(1));
    assertThat(intake.accepted).as("nothing is published after the end").hasSize(1);
  }

  @Test
  void anIntakeThatIsDownDoesNotHoldUpTheEnd() {
    publisher.start();
    buffer.recorder(series("a")).record(1);
    intake.trouble = Trouble.DOWN;
    CompletionStage<Void> closed = publisher.close();
    world.runFor(Duration.ofSeconds(1));
    assertThat(closed.toCompletableFuture()).isCompleted();
  }

  @ParameterizedTest
  @EnumSource(names = {"SILENT", "BLOCKS"})
  void anIntakeThatSaysNothingHoldsUpTheEndForItsTimeOut(Trouble trouble) {
    publisher.start();
    buffer.recorder(series("a")).record(1);
    intake.trouble = trouble;
    CompletionStage<Void> closed = publisher.close();
    world.runFor(Duration.ofSeconds(4));
    assertThat(closed.toCompletableFuture()).isNotCompleted();
    world.runFor(Duration.ofSeconds(2));
    assertThat(closed.toCompletableFuture()).isCompleted();
  }

  private static MetricIdentity series(String shard) {
    return MetricIdentity.of("Time", Map.of("ShardId", shard), MetricUnit.MILLISECONDS);
  }

  /** Records ten values every 0.1 s, for ten shards that are others every 30 s. */
  private final class FakeConsumer {
    private final List<Recorder> recorders = new ArrayList<>();
    private int ticks;
    private long recorded;
    private boolean stopped;

    private void tick() {
      if (stopped) {
        return;
      }
      if (ticks % 300 == 0) {
        recorders.forEach(Recorder::close);
        recorders.clear();
        for (int shard = 0; shard < 10; shard++) {
          recorders.add(buffer.recorder(series("shard-" + ticks + "-" + shard)));
        }
      }
      ticks++;
      recorders.forEach(recorder -> recorder.record(1));
      recorded += recorders.size();
      loop.schedule(Duration.ofMillis(100), this::tick);
    }
  }

  private enum Trouble {
    NONE,
    /** Fails at once. */
    DOWN,
    /** Accepts within the time-out. */
    SLOW,
    /** Fails after the time-out. */
    TOO_SLOW,
    /** Never answers. */
    SILENT,
    /** Does not return from the call for ten minutes, and fails then. */
    BLOCKS,
    /** Does not want the first data it is given. */
    REFUSES_FIRST
  }

  private final class FakeIntake implements MetricIntake {
    private final List<MetricDatum> accepted = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private Trouble trouble = Trouble.NONE;
    private int fitting = Integer.MAX_VALUE;
    private int calls;
    private int atOnce;
    private int atOnceMax;
    private int largest;

    @Override
    public int fitting(List<MetricDatum> data) {
      return Math.min(fitting, data.size());
    }

    @Override
    public CompletionStage<Void> accept(List<MetricDatum> data) {
      calls++;
      sizes.add(data.size());
      largest = Math.max(largest, data.size());
      atOnceMax = Math.max(atOnceMax, ++atOnce);
      CompletableFuture<Void> answer = new CompletableFuture<>();
      switch (trouble) {
        case NONE -> accept(data, answer);
        case DOWN -> fail(answer);
        case SLOW -> world.schedule(Duration.ofSeconds(4), () -> accept(data, answer));
        case TOO_SLOW -> world.schedule(Duration.ofSeconds(6), () -> fail(answer));
        case SILENT -> atOnce--; // forgotten by both sides at the time-out
        case BLOCKS -> {
          process.pause(Duration.ofMinutes(10));
          fail(answer);
        }
        case REFUSES_FIRST -> {
          trouble = Trouble.NONE;
          atOnce--;
          answer.completeExceptionally(
              new MetricsRefusedException("odd data", new IllegalArgumentException()));
        }
      }
      return answer;
    }

    private void accept(List<MetricDatum> data, CompletableFuture<Void> answer) {
      atOnce--;
      accepted.addAll(data);
      answer.complete(null);
    }

    private void fail(CompletableFuture<Void> answer) {
      atOnce--;
      answer.completeExceptionally(new IOException("no route to host"));
    }

    private long values() {
      return accepted.stream().mapToLong(datum -> datum.statistics().count()).sum();
    }
  }
}
