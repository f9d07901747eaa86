package org.openkcl.worker;

import java.time.Duration;
import org.openkcl.ProcessorEvent;
import org.openkcl.ReadingEvent;
import org.openkcl.shard.ProgressRules;
import org.openkcl.shard.ShardEvent;
import org.openkcl.shard.ShardState.Phase;

/**
 * Looks at one shard from outside: does it get on, and what keeps it? A way to the stream that is
 * silent is begun anew; a call that does not return is reported, and abandoned if that was asked
 * for. Confined to the event loop.
 */
final class ShardWatch {
  private static final Duration LONG_WAIT = Duration.ofSeconds(10);

  private final ShardConsumer consumer;

  ShardWatch(ShardConsumer consumer) {
    this.consumer = consumer;
  }

  /** Does what the rules say. */
  void look(ProgressRules rules) {
    UserCalls.Ticket call = consumer.calls().underWay();
    if (call != null && call.hasBegun()) {
      lookAtCall(rules, call);
    } else if (isReading()) {
      lookAtReading(rules);
    }
  }

  private boolean isReading() {
    return consumer.state().phase() == Phase.CONSUMING
        && !consumer.state().isBusy()
        && consumer.reading().isOpen()
        && consumer.reading().batch() == null;
  }

  private void lookAtCall(ProgressRules rules, UserCalls.Ticket call) {
    switch (rules.ofCall(call.lasting(), call.isReported())) {
      case REPORT_CALL -> {
        call.reported();
        consumer.emit(new ProcessorEvent.Stuck(
            consumer.now(),
            consumer.shard(),
            consumer.calls().method(),
            call.lasting(),
            call.stack()));
      }
      case ABANDON_CALL -> {
        if (isOwned()) {
          abandon(call);
        }
      }
      case GOES_ON, RESTART_READING -> {}
    }
  }

  private boolean isOwned() {
    return switch (consumer.state().phase()) {
      case STARTING, CONSUMING, DRAINING, ENDING -> true;
      case AWAITING_PARENTS, RELEASING, RELEASED, LOST, ENDED -> false;
    };
  }

  /** Gives the shard up though the call has not returned; its thread may never do. */
  private void abandon(UserCalls.Ticket call) {
    call.reported();
    consumer.emit(new ProcessorEvent.Abandoned(
        consumer.now(), consumer.shard(), consumer.calls().method(), call.lasting()));
    consumer.autoCheckpoints().flush();
    consumer
        .progress()
        .fence("%s of shard %s took longer than the stuck time-out, so the shard was given up"
            .formatted(consumer.calls().method(), consumer.shard()));
    consumer.worker().avoidUntilForgotten(consumer);
    call.interrupt();
    consumer.on(ShardEvent.TIME_OVER);
  }

  private void lookAtReading(ProgressRules rules) {
    Duration silence = consumer.reading().silence();
    if (rules.ofReading(silence) == ProgressRules.Verdict.RESTART_READING) {
      consumer.cancelTimer();
      consumer.readingFailed(
          "nothing was heard of the stream for %d s".formatted(silence.toSeconds()));
      consumer.emit(new ReadingEvent.Restarted(consumer.now(), consumer.shard(), silence));
      consumer.on(ShardEvent.READING_DUE);
    }
  }

  /** What keeps the shard, for people; empty when nothing does, or only its processor's failures. */
  String trouble() {
    UserCalls.Ticket call = consumer.calls().underWay();
    if (call != null && call.isReported()) {
      return "%s has been in user code for %d s"
          .formatted(consumer.calls().method(), call.lasting().toSeconds());
    }
    if (call != null && !call.hasBegun() && call.lasting().compareTo(LONG_WAIT) > 0) {
      return "%s waits for one of %d calls into processors; others take long"
          .formatted(consumer.calls().method(), consumer.worker().settings().maxConcurrentCalls());
    }
    if (consumer.state().phase() == Phase.CONSUMING && !consumer.lease().mayDeliver()) {
      return "its lease could not be renewed in time, so nothing is delivered";
    }
    return consumer.reading().trouble();
  }
}
