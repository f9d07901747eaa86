package org.openkcl.multilang.child;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a child that does not answer in time: a warning at half the time, SIGTERM at the end of it,
 * SIGKILL a while later. Whoever waits for the child then sees its output end. Close it when the
 * answer is there.
 */
final class AnswerWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AnswerWatch.class);
  private static final AnswerWatch NONE = new AnswerWatch();

  private final Future<?>[] steps;

  private AnswerWatch(Future<?>... steps) {
    this.steps = steps;
  }

  /**
   * Watches a child.
   *
   * @param what it is asked for, for people
   */
  static AnswerWatch on(
      Conversation conversation,
      String what,
      ChildSettings settings,
      ScheduledExecutorService timer) {
    ChildProcess child = conversation.process();
    Duration limit = settings.answerTimeout();
    if (limit == null) {
      return NONE;
    }
    long half = limit.toMillis() / 2;
    return new AnswerWatch(
        timer.schedule(
            () -> log.warn(
                "The child {} has not answered {} of {} for {} ms; after {} ms it is ended and"
                    + " what it serves begins again from its last checkpoint",
                child.pid(),
                what,
                conversation.shardId(),
                half,
                limit.toMillis()),
            half,
            TimeUnit.MILLISECONDS),
        timer.schedule(
            () -> child.terminateBecause(
                "it did not answer within " + limit.toMillis() + " ms", conversation.shardId()),
            limit.toMillis(),
            TimeUnit.MILLISECONDS),
        timer.schedule(
            child::kill, limit.plus(settings.killDelay()).toMillis(), TimeUnit.MILLISECONDS));
  }

  @Override
  public void close() {
    for (Future<?> step : steps) {
      step.cancel(false);
    }
  }
}
