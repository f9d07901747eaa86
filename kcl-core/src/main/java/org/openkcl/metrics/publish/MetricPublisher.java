package org.openkcl.metrics.publish;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.RateLimitedLog;
import org.openkcl.metrics.MetricDatum;
import org.openkcl.metrics.MetricIntake;
import org.openkcl.metrics.MetricsRefusedException;
import org.openkcl.metrics.StatisticBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes a worker's statistics on to an intake, at every interval what was recorded since the last.
 *
 * <p>One request is under way at a time, on a thread for blocking work. What an intake did not accept
 * waits, merged per series, for the next interval; what has no room, or is refused for good, is
 * dropped and counted. A request that took too long counts as not accepted, so if it was accepted
 * after all its values are counted twice.
 *
 * <p>Confined to the loop, but for {@link #dropped}, {@link #start} and {@link #close}.
 */
public final class MetricPublisher {
  private static final Logger log = LoggerFactory.getLogger(MetricPublisher.class);
  private static final int MAX_REQUEST = 1_000;

  private final Environment environment;
  private final EventLoop loop;
  private final StatisticBuffer buffer;
  private final MetricIntake intake;
  private final Settings settings;
  private final RateLimitedLog warnings;
  private final PendingData pending;
  private final LongAdder dropped = new LongAdder();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private EventLoop.Timer next = () -> {};
  private @Nullable Attempt underWay;
  private boolean calling;
  private boolean goOn;
  private boolean closing;

  /**
   * A publisher at rest.
   *
   * @param buffer what it takes statistics out of
   * @param intake where it brings them
   */
  public MetricPublisher(
      Environment environment,
      EventLoop loop,
      StatisticBuffer buffer,
      MetricIntake intake,
      Settings settings) {
    this.environment = environment;
    this.loop = loop;
    this.buffer = buffer;
    this.intake = intake;
    this.settings = settings;
    this.warnings = new RateLimitedLog(environment, log);
    this.pending = new PendingData(settings.limit());
  }

  /**
   * How it publishes.
   *
   * @param interval from one flush to the next
   * @param timeout how long a request may take; also how long the last flush may
   * @param limit how many series may wait
   */
  public record Settings(Duration interval, Duration timeout, int limit) {
    /** With the time-out of Amazon's library, 5 s. */
    public static Settings of(Duration interval, int limit) {
      return new Settings(interval, Duration.ofSeconds(5), limit);
    }
  }

  /** Begins to publish. Call once, from any thread. */
  public void start() {
    loop.execute(this::scheduleNext);
  }

  /**
   * Publishes what is left and ends. From any thread; may be called repeatedly.
   *
   * @return completes when all is accepted, when a request fails, or when the time-out is over
   */
  public CompletionStage<Void> close() {
    loop.execute(() -> {
      if (!closing) {
        closing = true;
        next.cancel();
        loop.schedule(settings.timeout(), this::end);
        flush();
      }
    });
    return closed;
  }

  /** How many values were recorded, or would have been, and never published. From any thread. */
  public long dropped() {
    return dropped.sum() + buffer.dropped();
  }

  private void scheduleNext() {
    if (!closing) {
      next = loop.schedule(settings.interval(), () -> {
        flush();
        scheduleNext();
      });
    }
  }

  private void flush() {
    keep(buffer.drain(environment.now()));
    if (underWay == null) {
      goOn = true;
      send();
    }
  }

  private void keep(List<MetricDatum> data) {
    long values = pending.add(data);
    if (values > 0) {
      drop(values, "no room for more than " + settings.limit() + " series");
    }
  }

  private void send() {
    if (!goOn || underWay != null || calling) {
      return;
    }
    goOn = false;
    if (pending.size() == 0) {
      endIfClosing();
      return;
    }
    Attempt attempt = new Attempt(pending.take(MAX_REQUEST));
    underWay = attempt;
    calling = true;
    environment.runBlocking("openkcl-metrics", () -> call(attempt));
    EventLoop.Timer timer = loop.schedule(
        settings.timeout(),
        () -> attempt.outcome.completeExceptionally(
            new TimeoutException("no answer within " + settings.timeout())));
    loop.whenDone(
        attempt.outcome,
        accepted -> {
          timer.cancel();
          underWay = null;
          keep(attempt.data.subList(accepted, attempt.data.size()));
          goOn = true;
          send();
        },
        cause -> {
          timer.cancel();
          underWay = null;
          failed(attempt, cause);
        });
  }

  /** Off the loop: requests are made and compressed here. */
  private void call(Attempt attempt) {
    try {
      int fitting = Math.max(1, Math.min(intake.fitting(attempt.data), attempt.data.size()));
      attempt.fitting = fitting;
      intake.accept(attempt.data.subList(0, fitting)).whenComplete((done, failure) -> {
        if (failure == null) {
          attempt.outcome.complete(fitting);
        } else {
          attempt.outcome.completeExceptionally(failure);
        }
      });
    } catch (RuntimeException | Error failure) {
      attempt.outcome.completeExceptionally(failure);
    } finally {
      loop.execute(this::returned);
    }
  }

  /** A call that hangs keeps others from beginning, so that there is never more than one thread. */
  private void returned() {
    calling = false;
    send();
  }

  private void failed(Attempt attempt, Throwable cause) {
    if (cause instanceof MetricsRefusedException) {
      List<MetricDatum> refused = attempt.data.subList(0, attempt.fitting);
      keep(attempt.data.subList(refused.size(), attempt.data.size()));
      drop(
          refused.stream().mapToLong(datum -> datum.statistics().count()).sum(),
          "they were refused: " + cause.getMessage());
      goOn = true;
      send();
      return;
    }
    keep(attempt.data);
    if (closing) {
      end();
      return;
    }
    warnings.warn(
        "metrics.unpublished",
        "Metrics could not be published, %d series wait: %s".formatted(pending.size(), cause));
  }

  private void drop(long values, String reason) {
    dropped.add(values);
    warnings.warn(
        "metrics.dropped",
        "Values of metrics were dropped, %d since the start: %s".formatted(dropped(), reason));
  }

  private void endIfClosing() {
    if (closing) {
      end();
    }
  }

  private void end() {
    int left = pending.size() + (underWay == null ? 0 : underWay.data.size());
    if (closed.complete(null) && left > 0) {
      log.atWarn()
          .addKeyValue("event", "metrics.last-unpublished")
          .log("The last metrics of {} series were not published", left);
    }
  }

  /** One request: its data, how many of them it carries, and what has come of it. */
  private static final class Attempt {
    private final List<MetricDatum> data;
    private final CompletableFuture<Integer> outcome = new CompletableFuture<>();
    private int fitting;

    private Attempt(List<MetricDatum> data) {
      this.data = data;
    }
  }
}
