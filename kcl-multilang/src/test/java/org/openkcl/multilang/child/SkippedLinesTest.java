package org.openkcl.multilang.child;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openkcl.environment.Environment;
import org.slf4j.LoggerFactory;

/** What a child that prints a lot costs the log. */
class SkippedLinesTest {
  private static final String SHARD = "shardId-000000000007";

  private final Logger logger = (Logger) LoggerFactory.getLogger(SkippedLines.class);
  private final ListAppender<ILoggingEvent> seen = new ListAppender<>();
  private final AtomicLong nanoTime = new AtomicLong();
  private final Environment environment =
      new ClockedEnvironment(Environment.system(), nanoTime::get);
  private final SkippedLines lines = new SkippedLines(environment);

  @BeforeEach
  void listen() {
    seen.start();
    logger.addAppender(seen);
  }

  @AfterEach
  void close() {
    logger.detachAppender(seen);
    environment.close();
  }

  @Test
  void tenAMinuteAndHowManyMoreThereWere() {
    for (int i = 0; i < 1_000; i++) {
      lines.skipped(SHARD, "it is no JSON", "debug " + i);
    }
    assertThat(seen.list).hasSize(10);
    assertThat(seen.list.get(9).getFormattedMessage())
        .isEqualTo("Skipped a line of the child of " + SHARD + ": it is no JSON: debug 9");

    nanoTime.addAndGet(Duration.ofMinutes(1).toNanos() - 1);
    lines.skipped(SHARD, "it is no JSON", "still the same minute");
    assertThat(seen.list).hasSize(10);

    nanoTime.addAndGet(1);
    lines.skipped(SHARD, "it is no JSON", "again");
    lines.skipped(SHARD, "it is no JSON", "and again");
    assertThat(seen.list).hasSize(12);
    assertThat(seen.list.get(10).getFormattedMessage())
        .endsWith(": again (991 more since the last one told)");
    assertThat(seen.list.get(11).getFormattedMessage()).endsWith(": and again");
  }
}
