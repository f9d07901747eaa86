package org.openkcl.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.openkcl.testkit.Delivery;
import org.openkcl.testkit.Fleet;
import org.openkcl.testkit.Simulation;
import org.openkcl.testkit.Storm;
import org.slf4j.LoggerFactory;

/** Fleets that read by enhanced fan-out. The rules of every fleet are checked after each event. */
final class FanOutFleetTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration STEADY = Duration.ofSeconds(20);

  @Simulation(seeds = 100)
  void everythingIsProcessedInOrderWhateverHappens(Fleet fleet) {
    fleet.fanOut();
    new Storm(fleet).gather().rage(20);
    fleet.runUntilCalm();
  }

  @Simulation(seeds = 50)
  void withoutFaultsNoRecordIsRepeatedAndNothingIsWarnedOf(Fleet fleet) {
    try (Warnings warnings = new Warnings()) {
      fleet.fanOut().withShards(6).forbidDuplicates().produce(10, SECOND).start("a");
      fleet.runFor(STEADY).start("b").runFor(STEADY).split().runFor(SECOND.multipliedBy(3));
      fleet.start("c").merge().runFor(STEADY).stop("a").runFor(STEADY).merge().split();
      fleet.stop("b").runFor(STEADY);
      fleet.runUntilCalm();
      assertThat(fleet.duplicates()).isZero();
      assertThat(warnings.messages()).isEmpty();
    }
  }

  @Simulation(seeds = 20)
  void aShardThatChangesHandsIsReadAgainWhenItsSubscriptionMayBeReplaced(Fleet fleet) {
    fleet.fanOut().withShards(8).forbidDuplicates().produce(50, Duration.ofMillis(200));
    fleet.start("a", "b").runFor(STEADY).runUntilBalanced();
    List<String> handedOver = fleet.owners().entrySet().stream()
        .filter(entry -> entry.getValue().equals("b"))
        .map(Map.Entry::getKey)
        .toList();
    int before = fleet.deliveries().size();
    fleet.stop("b");
    fleet.runUntil(
        "read by the survivor",
        () -> fleet.deliveries().subList(before, fleet.deliveries().size()).stream()
            .filter(delivery -> delivery.workerId().equals("a"))
            .map(Delivery::shardId)
            .collect(Collectors.toSet())
            .containsAll(handedOver),
        SECOND.multipliedBy(3));
    fleet.runUntilCalm();
  }

  @Simulation(seeds = 1)
  void slowProcessorsLoseAndRepeatNothingWithoutAWarning(Fleet fleet) {
    for (int seconds : List.of(1, 10, 31, 299, 301, 600)) {
      try (Fleet each = new Fleet(fleet.chance().nextLong());
          Warnings warnings = new Warnings()) {
        each.fanOut().withShards(2).forbidDuplicates().produce(20, SECOND.multipliedBy(2));
        each.processing(process -> input -> {
          process.pause(Duration.ofSeconds(seconds));
          input.checkpointer().checkpoint();
        });
        each.start("a").runFor(Duration.ofSeconds(seconds * 4L + 60)).stopProducing();
        each.runUntil(
            "consumed", each::isConsumed, Duration.ofSeconds(seconds * 4L).plus(STEADY));
        assertThat(each.duplicates()).isZero();
        assertThat(warnings.messages()).as("%d s a batch", seconds).isEmpty();
      }
    }
  }

  /** What the retrieval warns of. */
  private static final class Warnings implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger("org.openkcl.retrieval");
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    Warnings() {
      appender.start();
      logger.setLevel(Level.WARN);
      logger.addAppender(appender);
    }

    List<String> messages() {
      return appender.list.stream()
          .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
          .map(ILoggingEvent::getFormattedMessage)
          .toList();
    }

    @Override
    public void close() {
      logger.detachAppender(appender);
      logger.setLevel(null);
    }
  }
}
