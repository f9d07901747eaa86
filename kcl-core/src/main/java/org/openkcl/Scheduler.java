package org.openkcl;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.kinesis.AwsClients;
import org.openkcl.processor.StreamIdentifier;
import org.openkcl.retrieval.RecordOpening;
import org.openkcl.worker.Worker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker of a Kinesis application: reads the shards of a stream together with the other workers
 * of the same application, calls a processor per shard, and keeps checkpoints in a DynamoDB table.
 *
 * <p>Build it with {@link #builder()}, start it once, and close it. All methods may be called from
 * any thread but those of processors' calls, from which {@link #stop()} may be called and {@link
 * #close()} must not, as it waits for them.
 */
public final class Scheduler implements AutoCloseable, Runnable {
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);
  private static final Duration CLOSE_MARGIN = Duration.ofSeconds(5);

  /** Longer than the publisher's own limit, for a loop that is gone. */
  private static final Duration LAST_METRICS = Duration.ofSeconds(6);

  private final Environment environment;
  private final EventLoop loop;
  private final AwsClients clients;
  private final Worker worker;
  private final RecordOpening opening;
  private final StreamWiring streams;
  private final MetricsOutput metrics;
  private final Duration drainTimeout;

  Scheduler(SchedulerParts parts) {
    this.environment = parts.environment();
    this.loop = parts.loop();
    this.clients = parts.clients();
    this.worker = parts.worker();
    this.opening = parts.opening();
    this.streams = parts.streams();
    this.metrics = parts.metrics();
    this.drainTimeout = parts.drainTimeout();
  }

  /** Begins to describe a scheduler. */
  public static SchedulerBuilder builder() {
    return new SchedulerBuilder();
  }

  /**
   * Starts to work. Call once.
   *
   * @return completes when the stream's shards have been compared with the leases once; fails with
   *     the reason when that is not possible, at once for what will not pass by itself (an unknown
   *     stream, missing permissions), otherwise after the start time-out
   */
  public CompletableFuture<Void> start() {
    log.atInfo()
        .addKeyValue("event", "worker.memory")
        .log(
            "Records fetched and not yet processed may take {} KiB, {} % of the heap",
            opening.memoryBudgetBytes() / 1024,
            100 * opening.memoryBudgetBytes() / Runtime.getRuntime().maxMemory());
    metrics.start();
    return worker.start().toCompletableFuture().copy();
  }

  /**
   * Completes when the worker has ended and holds nothing; fails with the reason when it ended by
   * itself, for example because the stream was deleted.
   */
  public CompletableFuture<Void> stopped() {
    return worker.stopped().toCompletableFuture().copy();
  }

  /**
   * Hands all shards over to other workers: every processor finishes its call, is asked to
   * checkpoint by {@code shutdownRequested}, and its lease goes to a live worker. Returns at once.
   *
   * @return {@link #stopped()}
   */
  public CompletableFuture<Void> stop() {
    worker.stop();
    return stopped();
  }

  /**
   * As {@link #stop()}, by its name in Amazon's library.
   *
   * @return completes with true when the worker has ended in order
   */
  public CompletableFuture<Boolean> startGracefulShutdown() {
    return stop().handle((ended, failure) -> failure == null);
  }

  /** Starts and returns when the worker has ended; throws what start or the end failed with. */
  @Override
  public void run() {
    start().join();
    stopped().join();
  }

  /**
   * Makes the JVM's orderly end (SIGTERM, SIGINT, {@code System.exit}) wait until all shards are
   * handed over, at most the drain time-out and a few seconds.
   */
  public void drainOnSigterm() {
    Thread hook = new Thread(this::drainAndWait, "openkcl-drain");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Delivers no more batches on this worker, of none of its shards, until {@link #resume()}. Calls
   * under way go on. Leases are kept and renewed, so no other worker reads the shards instead;
   * memory of what was read ahead is given back.
   *
   * <p>Pauses are this worker's own: a shard that moves to another worker is read there. What is
   * paused stays paused when leases come and go. The three kinds of pause do not touch each other: a
   * shard is delivered when neither it, nor its stream, nor everything is paused. What retention
   * removes from the stream during a pause is lost.
   */
  public void pause() {
    worker.pause(true);
  }

  /** Ends what {@link #pause()} began. */
  public void resume() {
    worker.pause(false);
  }

  /** As {@link #pause()}, for one stream. */
  public void pause(StreamIdentifier stream) {
    worker.pause(stream, true);
  }

  /** Ends what {@link #pause(StreamIdentifier)} began. */
  public void resume(StreamIdentifier stream) {
    worker.pause(stream, false);
  }

  /** As {@link #pause()}, for one shard. */
  public void pause(StreamShard shard) {
    worker.pause(shard, true);
  }

  /** Ends what {@link #pause(StreamShard)} began. */
  public void resume(StreamShard shard) {
    worker.pause(shard, false);
  }

  /** The worker as it was a moment ago. */
  public WorkerSnapshot snapshot() {
    return worker.snapshot();
  }

  /** How many odd records this worker has come across: see docs/records.md. */
  public OddRecordCounts oddRecords() {
    return opening.counts();
  }

  /** Whether all is well, with reasons where it is not. */
  public Health health() {
    return snapshot().health();
  }

  /**
   * Deregisters the consumer that {@link Retrieval#fanOut()} has registered, which is never done by
   * itself: the application's other workers use it too, and one that goes on registers it again. To
   * be called when the application is not to be started again, after {@link #stopped()} and before
   * {@link #close()}. Does nothing when the scheduler polls.
   *
   * @return completes when the service has accepted it; fails with the reason
   */
  public CompletableFuture<Void> deregisterConsumer() {
    return streams.deregisterConsumers().toCompletableFuture().copy();
  }

  /**
   * Hands all shards over, waits for that at most the drain time-out and a few seconds, and frees
   * threads and connections. Clients that were passed in stay open. May be called repeatedly.
   */
  @Override
  public void close() {
    drainAndWait();
    loop.close();
    environment.close();
    clients.close();
  }

  private void drainAndWait() {
    try {
      stop().get(drainTimeout.plus(CLOSE_MARGIN).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      log.atWarn()
          .addKeyValue("event", "worker.drain-late")
          .log("Not all shards could be handed over within {}; their leases expire", drainTimeout);
    } catch (ExecutionException e) {
      log.debug("The worker had ended by itself", e.getCause());
    }
    publishTheLast();
  }

  private void publishTheLast() {
    try {
      metrics.close().toCompletableFuture().get(LAST_METRICS.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException | ExecutionException e) {
      log.atWarn()
          .addKeyValue("event", "metrics.last-unpublished")
          .log("The last metrics were not published: {}", e.toString());
    }
  }
}
