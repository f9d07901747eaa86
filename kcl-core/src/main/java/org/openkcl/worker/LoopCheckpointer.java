package org.openkcl.worker;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.LeaseTableException;
import org.openkcl.leases.fleet.CommitOutcome;
import org.openkcl.processor.ExtendedSequenceNumber;
import org.openkcl.processor.InvalidStateException;
import org.openkcl.processor.KinesisClientLibDependencyException;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.PreparedCheckpointer;
import org.openkcl.processor.RecordProcessorCheckpointer;
import org.openkcl.processor.ShutdownException;
import org.openkcl.processor.ThrottlingException;

/**
 * The checkpointer that user code holds: every call goes to the event loop and waits for its
 * answer. May be used from any thread that is not an event loop.
 */
final class LoopCheckpointer implements RecordProcessorCheckpointer {
  private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(1);

  private final Environment environment;
  private final EventLoop loop;
  private final String shardId;
  private final ShardProgress progress;

  LoopCheckpointer(
      Environment environment, EventLoop loop, String shardId, ShardProgress progress) {
    this.environment = environment;
    this.loop = loop;
    this.shardId = shardId;
    this.progress = progress;
  }

  @Override
  public void checkpoint() throws InvalidStateException, ShutdownException {
    store(null);
  }

  @Override
  public void checkpoint(KinesisClientRecord record)
      throws InvalidStateException, ShutdownException {
    store(positionOf(record));
  }

  @Override
  public void checkpoint(String sequenceNumber) throws InvalidStateException, ShutdownException {
    store(Checkpoint.at(sequenceNumber));
  }

  @Override
  public void checkpoint(String sequenceNumber, long subSequenceNumber)
      throws InvalidStateException, ShutdownException {
    store(new Checkpoint(sequenceNumber, subSequenceNumber));
  }

  @Override
  public PreparedCheckpointer prepareCheckpoint() throws InvalidStateException, ShutdownException {
    return prepare(null, null);
  }

  @Override
  public PreparedCheckpointer prepareCheckpoint(byte @Nullable [] applicationState)
      throws InvalidStateException, ShutdownException {
    return prepare(null, applicationState);
  }

  @Override
  public PreparedCheckpointer prepareCheckpoint(KinesisClientRecord record)
      throws InvalidStateException, ShutdownException {
    return prepare(positionOf(record), null);
  }

  @Override
  public PreparedCheckpointer prepareCheckpoint(
      KinesisClientRecord record, byte @Nullable [] applicationState)
      throws InvalidStateException, ShutdownException {
    return prepare(positionOf(record), applicationState);
  }

  @Override
  public PreparedCheckpointer prepareCheckpoint(String sequenceNumber)
      throws InvalidStateException, ShutdownException {
    return prepare(Checkpoint.at(sequenceNumber), null);
  }

  @Override
  public PreparedCheckpointer prepareCheckpoint(
      String sequenceNumber, byte @Nullable [] applicationState)
      throws InvalidStateException, ShutdownException {
    return prepare(Checkpoint.at(sequenceNumber), applicationState);
  }

  @Override
  public PreparedCheckpointer prepareCheckpoint(String sequenceNumber, long subSequenceNumber)
      throws InvalidStateException, ShutdownException {
    return prepare(new Checkpoint(sequenceNumber, subSequenceNumber), null);
  }

  @Override
  public PreparedCheckpointer prepareCheckpoint(
      String sequenceNumber, long subSequenceNumber, byte @Nullable [] applicationState)
      throws InvalidStateException, ShutdownException {
    return prepare(new Checkpoint(sequenceNumber, subSequenceNumber), applicationState);
  }

  private static Checkpoint positionOf(KinesisClientRecord record) {
    if (record == null) {
      throw new IllegalArgumentException("checkpoint(record) needs a record: got null");
    }
    return new Checkpoint(record.sequenceNumber(), record.subSequenceNumber());
  }

  private void store(@Nullable Checkpoint position)
      throws InvalidStateException, ShutdownException {
    ask(() -> progress.checkpoint(position));
  }

  private PreparedCheckpointer prepare(
      @Nullable Checkpoint position, byte @Nullable [] applicationState)
      throws InvalidStateException, ShutdownException {
    ByteBuffer state = applicationState == null ? null : ByteBuffer.wrap(applicationState.clone());
    Checkpoint prepared = ask(() -> progress.prepare(position, state));
    return new Prepared(prepared);
  }

  private Checkpoint ask(Supplier<CompletionStage<CheckpointReply>> request)
      throws InvalidStateException, ShutdownException {
    CompletableFuture<CheckpointReply> answer = new CompletableFuture<>();
    loop.execute(() -> request.get().thenAccept(answer::complete));
    CheckpointReply reply = await(answer);
    CheckpointReply.Table table = reply.match(asked -> asked, same -> null, refused -> null);
    if (table == null) {
      return reply.match(asked -> asked.position(), same -> same.position(), refused -> {
        throw new IllegalArgumentException(refused.message());
      });
    }
    CommitOutcome outcome = table.outcome();
    String lost = outcome.match(stored -> null, gone -> gone.reason(), failed -> null);
    if (lost != null) {
      throw new ShutdownException(
          "Cannot checkpoint shard %s: %s. Another worker goes on from the last checkpoint; stop"
                  .formatted(shardId, lost)
              + " processing.");
    }
    LeaseTableException failure =
        outcome.match(stored -> null, gone -> null, failed -> failed.cause());
    if (failure != null) {
      throw translated(failure);
    }
    return table.position();
  }

  private RuntimeException translated(LeaseTableException failure) throws InvalidStateException {
    String message = String.valueOf(failure.getMessage());
    return switch (failure.kind()) {
      case TABLE_MISSING -> throw new InvalidStateException(message, failure);
      case THROTTLED -> new ThrottlingException(message, failure);
      case UNAVAILABLE, DENIED, MALFORMED, REFUSED ->
        new KinesisClientLibDependencyException(message, failure);
    };
  }

  private CheckpointReply await(CompletionStage<CheckpointReply> answer) {
    try {
      return environment.await(answer, ANSWER_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KinesisClientLibDependencyException(
          "Interrupted while checkpointing shard " + shardId + "; it may or may not be stored", e);
    } catch (TimeoutException e) {
      throw new KinesisClientLibDependencyException(
          "No answer within %s while checkpointing shard %s; it may or may not be stored"
              .formatted(ANSWER_TIMEOUT, shardId),
          e);
    } catch (ExecutionException e) {
      throw new KinesisClientLibDependencyException(
          "Checkpointing shard " + shardId + " failed: " + e.getCause(), e);
    }
  }

  private final class Prepared implements PreparedCheckpointer {
    private final Checkpoint position;

    Prepared(Checkpoint position) {
      this.position = position;
    }

    @Override
    public ExtendedSequenceNumber pendingCheckpoint() {
      return new ExtendedSequenceNumber(position.sequenceNumber(), position.subSequenceNumber());
    }

    @Override
    public void checkpoint() throws InvalidStateException, ShutdownException {
      store(position);
    }
  }
}
