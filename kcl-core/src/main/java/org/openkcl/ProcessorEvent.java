package org.openkcl;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.openkcl.processor.ExtendedSequenceNumber;

/** Something that a processor did, or did not do. */
public sealed interface ProcessorEvent extends ConsumerEvent {

  /** The shard. */
  StreamShard shard();

  @Override
  default Optional<StreamShard> subject() {
    return Optional.of(shard());
  }

  /**
   * A call threw.
   *
   * @param failures how often in a row
   * @param next what is done about it; empty if the call is not made again and nothing depends on it
   */
  record Failed(
      Instant at,
      StreamShard shard,
      ProcessorCall call,
      int failures,
      Optional<FailurePolicy.Action> next,
      Throwable failure)
      implements ProcessorEvent {
    @Override
    public String id() {
      return "processor.failed";
    }

    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public String message() {
      return "%s of shard %s threw (failure %d in a row); %s"
          .formatted(
              call, shard, failures, next.map(this::consequence).orElse("the shard is given up"));
    }

    private String consequence(FailurePolicy.Action action) {
      return switch (action) {
        case RETRY ->
          call == ProcessorCall.PROCESS_RECORDS
              ? "the same batch is delivered again to the same instance"
              : "it is called again on the same instance";
        case SKIP -> "its records are skipped";
        case RELEASE -> "the shard is given up, with its last checkpoint";
        case STOP -> "the worker stops";
      };
    }

    @Override
    public Optional<Throwable> cause() {
      return Optional.of(failure);
    }
  }

  /** Records were given up, as the failure policy says. */
  record Skipped(Instant at, SkippedRecords skipped) implements ProcessorEvent {
    @Override
    public String id() {
      return "processor.skipped";
    }

    @Override
    public StreamShard shard() {
      return skipped.shard();
    }

    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public String message() {
      return "Skipped %s of shard %s up to %s, behind checkpoint %s, after %d failures of %s in a row"
          .formatted(
              skipped.call() == ProcessorCall.PROCESS_RECORDS
                  ? skipped.records().size() + " records"
                  : "what was not checkpointed",
              skipped.shard(),
              skipped.through(),
              skipped.checkpoint(),
              skipped.failures(),
              skipped.call());
    }

    @Override
    public Optional<Throwable> cause() {
      return Optional.of(skipped.failure());
    }
  }

  /**
   * {@code shardEnded} returned although something that was delivered is not checkpointed.
   *
   * @param checkpoint the last one
   * @param delivered the last position delivered
   */
  record EndRefused(
      Instant at,
      StreamShard shard,
      ExtendedSequenceNumber checkpoint,
      ExtendedSequenceNumber delivered)
      implements ProcessorEvent {
    @Override
    public String id() {
      return "processor.end-refused";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public String message() {
      return ("shardEnded of shard %s returned, but only records up to %s are checkpointed and %s were"
              + " delivered. Its children wait; shardEnded is called again. Checkpoint in shardEnded,"
              + " or checkpoint the last batch.")
          .formatted(shard, checkpoint, delivered);
    }
  }

  /**
   * A call takes unusually long. It may be legitimate, so nothing is done about it.
   *
   * @param underWay since when
   * @param stack of its thread, one frame a line
   */
  record Stuck(Instant at, StreamShard shard, ProcessorCall call, Duration underWay, String stack)
      implements ProcessorEvent {
    @Override
    public String id() {
      return "processor.stuck";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public String message() {
      return ("%s of shard %s has been in user code for %d s; its shard waits. If this is not expected,"
              + " find out what it waits for:%s")
          .formatted(call, shard, underWay.toSeconds(), stack);
    }
  }

  /** A call that was reported as taking unusually long has returned. */
  record Returned(Instant at, StreamShard shard, ProcessorCall call, Duration taken)
      implements ProcessorEvent {
    @Override
    public String id() {
      return "processor.returned";
    }

    @Override
    public Severity severity() {
      return Severity.INFO;
    }

    @Override
    public String message() {
      return "%s of shard %s has returned after %d s".formatted(call, shard, taken.toSeconds());
    }
  }

  /**
   * A call has taken longer than the stuck time-out: its thread was interrupted, its checkpoints are
   * refused from now on, and the shard goes to another worker.
   */
  record Abandoned(Instant at, StreamShard shard, ProcessorCall call, Duration underWay)
      implements ProcessorEvent {
    @Override
    public String id() {
      return "processor.abandoned";
    }

    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public String message() {
      return ("%s of shard %s has been in user code for %d s, longer than the stuck time-out: it is"
              + " interrupted and the shard given up. This worker does not take the shard again before"
              + " the call returns.")
          .formatted(call, shard, underWay.toSeconds());
    }
  }

  /**
   * A checkpoint was refused for good, because this worker does not hold the shard any more.
   *
   * @param reason why not
   */
  record CheckpointRefused(Instant at, StreamShard shard, String reason) implements ProcessorEvent {
    @Override
    public String id() {
      return "processor.checkpoint-refused";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public String message() {
      return "A checkpoint of shard %s is refused for good: %s".formatted(shard, reason);
    }
  }
}
