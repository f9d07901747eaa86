package org.openkcl.leases.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTable;
import org.openkcl.leases.LeaseTableException;
import org.openkcl.leases.LeaseWrite;
import org.openkcl.leases.LeaseWriter;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.Progress;
import org.openkcl.leases.ShardFacts;
import org.openkcl.leases.WriteResult;
import org.openkcl.leases.plan.Objective;

/**
 * A lease that this worker holds: keeps it alive, stores progress, gives it up.
 *
 * <p>At most one write is in flight; renewals and progress that come meanwhile are merged into the
 * next one. A write whose reply was lost is given again unchanged until its fate is known. Confined
 * to the worker's event loop.
 */
public final class HeldLease {
  private static final int MAX_ATTEMPTS = 5;
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);

  /** Leases due within such a part of the interval are renewed together. */
  private static final long TOGETHER_PART = 40;

  private final Context context;
  private final FleetSettings settings;
  private final Environment environment;
  private final EventLoop loop;
  private final LeaseTable table;
  private final String writer;
  private final Events events;
  private final long fencingToken;
  private final Duration validity;
  private final ThroughputMeter throughput;

  private Lease current;
  private @Nullable Long lagSeconds;
  private Progress wantedProgress;
  private @Nullable Set<String> wantedChildren;
  private @Nullable Instant wantedStartAt;
  private @Nullable Release release;
  private boolean renewalDue;
  private List<CompletableFuture<CommitOutcome>> waiting = new ArrayList<>();
  private List<CompletableFuture<CommitOutcome>> written = new ArrayList<>();
  private @Nullable LeaseWrite inFlight;
  private long firstSentNanos;
  private Instant firstSentAt;
  private long lastSentNanos;
  private Instant lastSentAt;
  private int attempts;
  private boolean fateUnknown;
  private EventLoop.Timer timer = () -> {};
  private long provenNanos;
  private Instant provenAt;
  private boolean over;

  /** What the fleet member hears of a held lease. */
  interface Events {
    void changed(Lease lease);

    void lost(HeldLease lease, String reason, @Nullable Lease actual);

    void handoffSeen(HeldLease lease, String successor);

    void unwritable(HeldLease lease, LeaseTableException failure);
  }

  private record Release(@Nullable String successor) {}

  /**
   * @param acquired the item after our own acquiring write, sent at the given times
   */
  HeldLease(Context context, Lease acquired, long sentNanos, Instant sentAt) {
    this.context = context;
    this.settings = context.settings();
    this.environment = context.environment();
    this.loop = context.loop();
    this.table = context.table();
    this.writer = context.writer();
    this.events = context.events();
    this.current = acquired;
    this.fencingToken = acquired.counter();
    this.validity = settings.deliveryTime();
    this.throughput =
        new ThroughputMeter(acquired.throughputKBps(), context.settings().renewInterval());
    this.lagSeconds = acquired.lagSeconds();
    this.wantedProgress = acquired.progress();
    this.provenNanos = sentNanos;
    this.provenAt = sentAt;
    this.firstSentAt = sentAt;
    this.lastSentAt = sentAt;
    scheduleRenewal(firstRenewalNanos());
  }

  /** What every held lease of one worker shares. */
  record Context(
      FleetSettings settings,
      Environment environment,
      EventLoop loop,
      LeaseTable table,
      String writer,
      Predicate<String> isOurs,
      Events events) {

    /** Gives a lease to a successor, with its name on it if it is one of ours, or sets it free. */
    LeaseWrite release(Lease held, Lease next, @Nullable String successor) {
      String awaited =
          successor != null && isOurs.test(successor) ? LeaseWriter.awaited(successor) : null;
      return LeaseWrite.release(held, next, successor, awaited);
    }
  }

  public LeaseKey key() {
    return current.key();
  }

  /** The item as this worker last wrote it. */
  public Lease lease() {
    return current;
  }

  /**
   * A number that every later owner's exceeds, for the life of the item: the counter after our own
   * acquiring write.
   */
  public long fencingToken() {
    return fencingToken;
  }

  /** Whether the lease is neither lost nor given up. */
  public boolean isHeld() {
    return !over;
  }

  /** Whether records may be handed to user code now: the lease cannot have expired elsewhere. */
  public boolean mayDeliver() {
    return !over && release == null && deliveryWindow().isOpen(environment);
  }

  /** Until when that holds without another renewal. */
  public DeliveryWindow deliveryWindow() {
    return new DeliveryWindow(provenNanos + validity.toNanos(), provenAt.plus(validity));
  }

  /**
   * Tells that so many bytes of records were given to the application; 0 for a read that brought
   * nothing. Every renewal stores what that makes a second.
   */
  public void processed(long bytes) {
    throughput.processed(bytes, environment.nanoTime());
  }

  /**
   * Tells how far the reader is behind the shard's tip. Renewals store it where leases are shared out
   * by lag; elsewhere nobody would read it.
   */
  public void behind(Duration lag) {
    lagSeconds = settings.planning().objective() == Objective.LAG ? lag.toSeconds() : null;
  }

  /** Stores progress and the shard's children in one write. */
  public CompletionStage<CommitOutcome> commit(Progress progress, Set<String> childShardIds) {
    wantedChildren = childShardIds;
    return commit(progress);
  }

  /**
   * Stores what the lease's sentinel means, so that every later owner starts at the same instant:
   * for leases of Amazon's library, which does not say.
   */
  public CompletionStage<CommitOutcome> pin(Instant startAt) {
    wantedStartAt = startAt;
    return commit(wantedProgress);
  }

  /** Stores progress; several calls before a write begins become one write. */
  public CompletionStage<CommitOutcome> commit(Progress progress) {
    if (over || release != null) {
      return CompletableFuture.completedFuture(
          new CommitOutcome.Lost("the lease of " + key() + " is not held by this worker any more"));
    }
    wantedProgress = progress;
    CompletableFuture<CommitOutcome> outcome = new CompletableFuture<>();
    waiting.add(outcome);
    pump();
    return outcome;
  }

  /**
   * Gives the lease up with the progress stored so far.
   *
   * @param successor who gets it; null sets it free. In a handoff that another library began the
   *     successor that stands in the table gets it instead
   */
  public CompletionStage<CommitOutcome> release(@Nullable String successor) {
    if (over || release != null) {
      return CompletableFuture.completedFuture(
          new CommitOutcome.Lost("the lease of " + key() + " is already given up"));
    }
    release = new Release(successor);
    CompletableFuture<CommitOutcome> outcome = new CompletableFuture<>();
    waiting.add(outcome);
    pump();
    return outcome;
  }

  /** Looks after the lease at once: the table shows something that only a write can settle. */
  void renewNow() {
    renewalDue = true;
    pump();
  }

  /** Stops caring for the lease without writing: its shard is finished, or it was lost. */
  void drop(String reason) {
    over = true;
    timer.cancel();
    List<CompletableFuture<CommitOutcome>> left = new ArrayList<>(written);
    left.addAll(waiting);
    written.clear();
    waiting.clear();
    left.forEach(outcome -> outcome.complete(new CommitOutcome.Lost(reason)));
  }

  private void pump() {
    if (over || inFlight != null) {
      return;
    }
    if (waiting.isEmpty() && !renewalDue) {
      return;
    }
    written = waiting;
    waiting = new ArrayList<>();
    renewalDue = false;
    sendNew(nextWrite());
  }

  private void sendNew(LeaseWrite write) {
    inFlight = write;
    fateUnknown = false;
    firstSentNanos = environment.nanoTime();
    firstSentAt = environment.now();
    send(write);
  }

  private LeaseWrite nextWrite() {
    Lease next = new Lease(
        key(),
        current.ownership(),
        wantedProgress,
        factsToStore(),
        throughput.average(environment.nanoTime()),
        lagSeconds);
    if (release == null) {
      return LeaseWrite.renew(current, next, writer);
    }
    Ownership ownership = current.ownership();
    String successor =
        ownership.checkpointOwner() != null ? ownership.owner() : release.successor();
    return context.release(current, next, successor);
  }

  /** What stands in the table, where others add facts too, and what this worker has learned. */
  private ShardFacts factsToStore() {
    ShardFacts facts = current.shard();
    if (wantedChildren != null) {
      facts = facts.withChildren(wantedChildren);
    }
    return wantedStartAt == null ? facts : facts.withStartAt(wantedStartAt);
  }

  private void send(LeaseWrite write) {
    timer.cancel();
    attempts++;
    lastSentNanos = environment.nanoTime();
    lastSentAt = environment.now();
    loop.whenDone(
        table.write(write),
        result -> {
          if (!over) {
            settle(write, result);
          }
        },
        failure -> {
          if (!over) {
            failed(write, failure);
          }
        });
  }

  private void settle(LeaseWrite write, WriteResult result) {
    Runnable next = result.match(
        success -> () -> succeeded(success.lease(), lastSentNanos, lastSentAt),
        lostRace -> () ->
            lostRace.actual().ifPresentOrElse(actual -> refused(write, actual), this::deleted));
    next.run();
  }

  /**
   * @param sentNanos when the request that took effect was sent, or earlier: others count the
   *     lease's expiry from its effect, so ours must not begin later
   */
  private void succeeded(Lease now, long sentNanos, Instant sentAt) {
    current = now;
    inFlight = null;
    attempts = 0;
    provenNanos = sentNanos;
    provenAt = sentAt;
    events.changed(now);
    List<CompletableFuture<CommitOutcome>> done = written;
    written = new ArrayList<>();
    over = release != null && waiting.isEmpty();
    done.forEach(outcome -> outcome.complete(new CommitOutcome.Stored(now)));
    if (!over) {
      scheduleRenewal(settings.renewInterval().toNanos());
      pump();
    }
  }

  /**
   * The condition failed; {@code actual} decides whether it was our own write, a handoff or loss. A
   * handoff may also have begun after our own write, whose reply was lost.
   */
  private void refused(LeaseWrite write, Lease actual) {
    if (write.isEffectOf(actual)) {
      succeeded(actual, firstSentNanos, firstSentAt);
      return;
    }
    Ownership ownership = actual.ownership();
    String successor = ownership.owner();
    if (successor != null && isGivenTo(successor, ownership)) {
      if (write.isEffectBeforeHandoff(actual)) {
        succeeded(actual, firstSentNanos, firstSentAt);
        events.handoffSeen(this, successor);
        return;
      }
      if (ownership.counter() == write.expected().counter()
          && !ownership.equals(current.ownership())) {
        current = new Lease(
            key(),
            ownership,
            actual.progress(),
            actual.shard(),
            actual.throughputKBps(),
            actual.lagSeconds());
        sendNew(nextWrite());
        events.handoffSeen(this, successor);
        return;
      }
    }
    String owner = ownership.actualOwner();
    lose(
        owner == null
            ? "another worker set it free (counter %d)".formatted(actual.counter())
            : "worker %s owns it now (counter %d)".formatted(owner, actual.counter()),
        actual);
  }

  /** Whether this worker is to let go in favour of {@code successor}. */
  private boolean isGivenTo(String successor, Ownership ownership) {
    return settings.workerId().equals(ownership.checkpointOwner())
        && !successor.equals(settings.workerId());
  }

  private void deleted() {
    lose("its item was deleted from table " + table.name(), null);
  }

  private void lose(String reason, @Nullable Lease actual) {
    drop("The lease of " + key() + " is lost: " + reason);
    events.lost(this, reason, actual);
  }

  private void failed(LeaseWrite write, Throwable thrown) {
    LeaseTableException failure = thrown instanceof LeaseTableException known
        ? known
        : new LeaseTableException(
            LeaseTableException.Kind.UNAVAILABLE, "Unexpected: " + thrown, thrown);
    boolean givingUp = !failure.retryable() || attempts >= MAX_ATTEMPTS;
    if (givingUp) {
      giveUp(failure);
    }
    if (over) {
      return;
    }
    fateUnknown |= failure.outcomeUnknown();
    if (fateUnknown) { // one attempt may have taken effect, even if a later one was refused
      Duration delay = failure.retryable() ? retryDelay() : settings.renewInterval();
      timer = loop.schedule(delay, () -> send(write));
      return;
    }
    inFlight = null;
    waiting.addAll(0, written);
    written = new ArrayList<>();
    renewalDue = true;
    timer = loop.schedule(givingUp ? settings.renewInterval() : retryDelay(), this::pump);
  }

  /** Tells whoever waits that the table does not answer; the lease itself is tried on. */
  private void giveUp(LeaseTableException failure) {
    attempts = 0;
    events.unwritable(this, failure);
    List<CompletableFuture<CommitOutcome>> told = new ArrayList<>(written);
    told.addAll(waiting);
    written = new ArrayList<>();
    waiting = new ArrayList<>();
    told.forEach(outcome -> outcome.complete(new CommitOutcome.Failed(failure)));
    if (release != null) {
      drop("The lease of " + key() + " could not be released and expires by itself");
    }
  }

  private Duration retryDelay() {
    Duration delay = FIRST_RETRY.multipliedBy(1L << Math.min(attempts, 5));
    Duration limit = settings.renewInterval();
    long nanos = Math.min(delay.toNanos(), limit.toNanos());
    return Duration.ofNanos(nanos / 2 + environment.random().nextLong(nanos / 2 + 1));
  }

  /**
   * Never late: others reckon with the interval. Not early either but for a little, since every write
   * is to be paid for: leases that are due at nearly the same time are renewed together, so that the
   * threads wake up once for all of them.
   */
  private void scheduleRenewal(long delayNanos) {
    timer.cancel();
    long together = Math.max(1, settings.renewInterval().toNanos() / TOGETHER_PART);
    long early = Math.floorMod(environment.nanoTime() + delayNanos, together);
    timer = loop.schedule(Duration.ofNanos(delayNanos - early), () -> {
      renewalDue = true;
      pump();
    });
  }

  /** The first is earlier by up to half, so that leases that were taken together do not stay together. */
  private long firstRenewalNanos() {
    long half = settings.renewInterval().toNanos() / 2;
    return half + environment.random().nextLong(half + 1);
  }
}
