package org.openkcl.multilang.child;

import java.time.Duration;
import org.openkcl.environment.EventLoop;
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

  private final EventLoop.Timer[] steps;

  private AnswerWatch(EventLoop.Timer... steps) {
    this.steps = steps;
  }

  /**
   * Watches a child.
   *
   * @param what it is asked for, for people
   */
  static AnswerWatch on(
      Conversation conversation, String what, ChildSettings settings, EventLoop timers) {
    ChildProcess child = conversation.process();
    Duration limit = settings.answerTimeout();
    if (limit == null) {
      return NONE;
    }
    Duration half = limit.dividedBy(2);
    return new AnswerWatch(
        timers.schedule(
            half,
            () -> log.atWarn()
                .addKeyValue("event", "child.late")
                .addKeyValue("shard", conversation.shardId())
                .log(
                    "The child {} has not answered {} of {} for {} ms; after {} ms it is ended and"
                        + " what it serves begins again from its last checkpoint",
                    child.pid(),
                    what,
                    conversation.shardId(),
                    half.toMillis(),
                    limit.toMillis())),
        timers.schedule(
            limit,
            () -> child.terminateBecause(
                "it did not answer within " + limit.toMillis() + " ms", conversation.shardId())),
        timers.schedule(limit.plus(settings.killDelay()), child::kill));
  }

  @Override
  public void close() {
    for (EventLoop.Timer step : steps) {
      step.cancel();
    }
  }
}
