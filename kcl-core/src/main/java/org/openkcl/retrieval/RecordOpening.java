package org.openkcl.retrieval;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openkcl.OddRecordCounts;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.RateLimitedLog;
import org.openkcl.processor.OddRecord;
import org.openkcl.processor.RecordDecoder;
import org.openkcl.records.AggregateRules;
import org.openkcl.records.Decoding;
import org.openkcl.records.Decoding.Decoded;
import org.openkcl.records.UserRecords.Finding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all shards of a worker share for making user records of what is in the streams: the rules,
 * threads away from the loop, and a count of what was odd.
 *
 * <p>Confined to the worker's event loop, but for {@link #counts()}.
 */
public final class RecordOpening {
  private static final Logger log = LoggerFactory.getLogger(RecordOpening.class);
  private static final Duration REPORT_AFTER = Duration.ofMinutes(1);

  private final Environment environment;
  private final EventLoop loop;
  private final MemoryBudget budget;
  private final Settings settings;
  private final RateLimitedLog warnings;
  private final Deque<Runnable> queue = new ArrayDeque<>();
  private final AtomicReference<OddRecordCounts> counts =
      new AtomicReference<>(OddRecordCounts.NONE);
  private int inProgress;

  /**
   * How user records are made.
   *
   * @param decoder null without one
   * @param maxConcurrent how many batches may be worked on at once; 1 or more
   */
  public record Settings(
      AggregateRules aggregates, @Nullable RecordDecoder decoder, int maxConcurrent) {

    /** Aggregates are taken apart, two batches at once; nothing is decoded. */
    public static final Settings DEFAULT = new Settings(AggregateRules.DEFAULT, null, 2);

    public Settings {
      if (maxConcurrent < 1) {
        throw new IllegalArgumentException("maxConcurrent must be 1 or more: got " + maxConcurrent);
      }
    }
  }

  /**
   * @param environment the worker's
   * @param loop the worker's
   * @param budget the worker's; taking aggregates apart takes memory
   */
  public RecordOpening(
      Environment environment, EventLoop loop, MemoryBudget budget, Settings settings) {
    this.environment = environment;
    this.loop = loop;
    this.budget = budget;
    this.settings = settings;
    this.warnings = new RateLimitedLog(environment, log);
  }

  /** What was odd so far; may be called from any thread. */
  public OddRecordCounts counts() {
    return Objects.requireNonNull(counts.get());
  }

  /** What all shards together may hold, in bytes. */
  public long memoryBudgetBytes() {
    return budget.limitBytes();
  }

  /** The worker's monotonic clock. */
  long nanoTime() {
    return environment.nanoTime();
  }

  MemoryBudget budget() {
    return budget;
  }

  AggregateRules aggregates() {
    return settings.aggregates();
  }

  @Nullable
  Decoding decoding() {
    RecordDecoder decoder = settings.decoder();
    return decoder == null ? null : new Decoding(decoder);
  }

  /**
   * Runs work away from the loop as soon as there is room; first come, first served.
   *
   * @param name of the thread meanwhile
   * @param whenDone is given the result on the loop, or what the work threw
   */
  <T> void run(
      String name, Supplier<T> work, BiConsumer<@Nullable T, @Nullable Throwable> whenDone) {
    queue.add(() -> {
      EventLoop.Timer report = loop.schedule(
          REPORT_AFTER,
          () -> warnings.warn(
              "records.opening-slow",
              name,
              name + " has been under way for a minute; its shard waits. Look at the stack of the"
                  + " thread of that name."));
      environment.runBlocking(name, () -> {
        T result = null;
        Throwable failure = null;
        try {
          result = work.get();
        } catch (Throwable thrown) { // brought to the loop, whatever it is
          failure = thrown;
        }
        T value = result;
        Throwable problem = failure;
        loop.execute(() -> {
          report.cancel();
          inProgress--;
          startNext();
          whenDone.accept(value, problem);
        });
      });
    });
    startNext();
  }

  private void startNext() {
    while (inProgress < settings.maxConcurrent() && !queue.isEmpty()) {
      inProgress++;
      queue.remove().run();
    }
  }

  /** Counts what was found, and warns of it. */
  void found(String shardId, Finding finding) {
    long count = finding.count();
    OddRecord.Treatment treatment = finding.treatment();
    add(new OddRecordCounts(
        finding.kind() == OddRecord.Kind.FOREIGN ? count : 0,
        finding.kind() == OddRecord.Kind.CORRUPT ? count : 0,
        finding.kind() == OddRecord.Kind.LOOKALIKE ? count : 0,
        treatment == OddRecord.Treatment.DROP ? count : 0,
        treatment == OddRecord.Treatment.DEAD_LETTER ? count : 0,
        0));
    warnings.warn(
        "records.odd",
        shardId + finding.kind() + treatment,
        "%s in record %s of shard %s: %s. %d %s. What that means is said in docs/records.md."
            .formatted(
                switch (finding.kind()) {
                  case FOREIGN -> "User records of another shard";
                  case CORRUPT -> "A corrupt aggregate";
                  case LOOKALIKE -> "The first bytes of an aggregate, but not the rest,";
                },
                finding.sequenceNumber(),
                shardId,
                finding.detail(),
                count,
                switch (treatment) {
                  case DELIVER -> "delivered";
                  case DROP -> "dropped";
                  case DEAD_LETTER -> "given to the dead letters";
                }));
  }

  /** Counts and warns of records that could not be decoded. */
  void undecoded(String shardId, Decoded decoded) {
    add(new OddRecordCounts(0, 0, 0, 0, 0, decoded.failed()));
    warnings.warn(
        "records.undecoded",
        shardId,
        "%d records of shard %s could not be decoded%s: %s"
            .formatted(
                decoded.failed(),
                shardId,
                decoded.again() ? " and their batch is decoded again" : "",
                decoded.failure()));
  }

  /** A mistake of ours must not cost records: it is told, and they are delivered as they came. */
  void failed(String shardId, Throwable failure) {
    log.atError()
        .addKeyValue("event", "records.unopened")
        .setCause(failure)
        .log(
            "Records of shard {} could not be looked into and are delivered as they are in the"
                + " stream",
            shardId);
  }

  private void add(OddRecordCounts more) {
    counts.set(counts().plus(more));
  }
}
