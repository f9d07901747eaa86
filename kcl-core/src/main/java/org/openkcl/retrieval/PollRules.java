package org.openkcl.retrieval;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.retrieval.PollState.LastRead;

/**
 * When a shard is read next, and from where. The service allows each shard 5 reads and 2 MB a
 * second, shared by all that poll it.
 *
 * <ul>
 *   <li>Behind: nearly as fast as that allows.
 *   <li>Caught up: an idle interval after the start of the last read, or up to 7.5 % less, at the same
 *       moment as other shards that are due then; a quarter of it when the first read finds nothing,
 *       so that a shard that changed hands does not seem to rest. After the second read up to four
 *       fifths less, so that shards that begin together do not stay together.
 *   <li>Throttled: another application reads the shard as well. Reads are spaced wider with each
 *       series of refusals, up to ten times or a second after a large reply, and closer again with each
 *       read that is granted: applications that share a shard come to share its limits. Refusals in a
 *       row say the same thing again, and the back-off answers them.
 *   <li>Throttled or unavailable: back-off from 200 ms doubling to 10 s, with jitter; one good
 *       read ends it.
 *   <li>Iterator expired: another one behind the last record read.
 * </ul>
 *
 * @see <a href="https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html">Quotas
 *     and limits</a>
 */
final class PollRules {
  static final Duration MIN_READ_INTERVAL = Duration.ofMillis(200);

  /** Calls do not all take equally long to arrive: the limits are not quite used up. */
  private static final double READ_MARGIN = 1.05;

  private static final long LARGE_MARGIN_PART = 200;
  private static final long SMALL_MARGIN_PART = 50;
  private static final double WIDER = 2;
  private static final double CLOSER = 0.93;
  private static final double WIDEST = 10;
  private static final double IDLE_JITTER = 0.05;
  private static final double SECOND_IDLE_JITTER = 0.8;

  /** Shards due within such a part of the idle interval are read together: threads wake up once. */
  private static final long TOGETHER_PART = 40;

  /** The most that one read returns. */
  static final long MAX_REPLY_BYTES = 10L * 1024 * 1024;

  private static final long WRITE_BYTES_PER_SECOND = 1024L * 1024;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long MIN_BACK_OFF_NANOS = Duration.ofMillis(200).toNanos();
  private static final long MAX_BACK_OFF_NANOS = Duration.ofSeconds(10).toNanos();
  private static final Duration CLOCK_MARGIN = Duration.ofSeconds(10);
  private static final int DOUBTS = 3;
  private static final long USUAL_RECORD_BYTES = 16 * 1024;
  private static final int FIRST_READ_HASTE = 4;

  private final PollSettings settings;

  PollRules(PollSettings settings) {
    this.settings = settings;
  }

  /**
   * What to do now, when no call is under way.
   *
   * @param waitingBatches how many batches have been read and not been asked for
   */
  Fetch next(PollState state, int waitingBatches, long nowNanos) {
    if (state.ended()) {
      return new Fetch.Done();
    }
    if (waitingBatches >= settings.maxReadAhead()) {
      return new Fetch.Hold();
    }
    long waitNanos = state.notBeforeNanos() - nowNanos;
    if (waitNanos > 0) {
      return new Fetch.Wait(Duration.ofNanos(waitNanos));
    }
    String iterator = state.iterator();
    return iterator == null ? new Fetch.Open(state.position()) : new Fetch.Read(iterator);
  }

  /**
   * The state while an iterator is being opened. LATEST means another record each time it is asked
   * for: an iterator that fails or expires before the first record came must not be replaced by
   * one behind what has arrived since, so the time of the first asking takes its place.
   */
  PollState opening(PollState state, Instant now) {
    boolean latest = state.position().kind() == ReadPosition.Kind.LATEST;
    return latest ? state.withPosition(ReadPosition.atTimestamp(now.minus(CLOCK_MARGIN))) : state;
  }

  /** The state when an iterator has been opened. */
  PollState opened(PollState state, String iterator) {
    return state.withIterator(iterator);
  }

  /**
   * The state after a reply.
   *
   * @param call which call brought it
   * @param chance from 0 to 1, spreads the reads of many shards
   */
  PollState replied(PollState state, ReadReply reply, Call call, double chance) {
    int count = reply.records().size();
    double spacing = Math.max(1, state.spacing() * CLOSER);
    long wait = busyNanos(reply.bytes(), call, spacing);
    if (reply.millisBehindLatest() <= 0) {
      long idle = idleNanos(state.lastRead(), count == 0, chance);
      long together = Math.max(1, settings.idleInterval().toNanos() / TOGETHER_PART);
      wait = Math.max(wait, idle - Math.floorMod(call.startedNanos() + idle, together));
    }
    ReadPosition position = count == 0
        ? state.position()
        : ReadPosition.afterSequenceNumber(reply.records().get(count - 1).sequenceNumber());
    return new PollState(
        position,
        reply.nextIterator(),
        reply.nextIterator() == null,
        call.startedNanos() + wait,
        0,
        spacing,
        LastRead.of(state.lastRead(), reply, call.startedNanos()));
  }

  /**
   * How long after its start a call is followed by the next when the shard is behind. What was read
   * counts from when the service gave it, which is not known. A reply worth more than half a second is
   * taken to have been given when it came; for small ones that would waste as much as they take to
   * come, so they count from when they were asked for, and a little more.
   */
  private long busyNanos(long bytes, Call call, double spacing) {
    ReadLimits limits = settings.limits();
    long between = (long) (NANOS_PER_SECOND * READ_MARGIN / limits.readsPerSecond() * spacing);
    long transfer = nanosFor(bytes, limits.bytesPerSecond());
    long wider = Math.min((long) (transfer * (spacing - 1)), NANOS_PER_SECOND);
    boolean large = transfer > NANOS_PER_SECOND / 2;
    long given = large ? call.endedNanos() - call.startedNanos() : 0;
    long margin = transfer / (large ? LARGE_MARGIN_PART : SMALL_MARGIN_PART);
    return Math.max(between, given + transfer + margin + wider);
  }

  private long idleNanos(@Nullable LastRead before, boolean isEmpty, double chance) {
    boolean second = before != null && before.first();
    double part = 1 - chance * (second ? SECOND_IDLE_JITTER : IDLE_JITTER);
    double hasty = before == null && isEmpty ? part / FIRST_READ_HASTE : part;
    return (long) (settings.idleInterval().toNanos() * hasty);
  }

  /**
   * The state after a call that failed.
   *
   * @param call which call
   * @param chance from 0 to 1, spreads the retries of many shards
   */
  PollState failed(PollState state, StreamFailure.Kind kind, Call call, double chance) {
    boolean expired = kind == StreamFailure.Kind.EXPIRED_ITERATOR;
    boolean first = state.failures() == 0;
    long backOff = expired && first ? 0 : backOffNanos(state.failures(), chance);
    long notBefore = call.startedNanos()
        + Math.max(MIN_READ_INTERVAL.toNanos(), call.endedNanos() - call.startedNanos() + backOff);
    return new PollState(
        state.position(),
        expired ? null : state.iterator(),
        false,
        notBefore,
        state.failures() + 1,
        kind == StreamFailure.Kind.THROTTLED && first
            ? Math.min(WIDEST, state.spacing() * WIDER)
            : state.spacing(),
        state.lastRead());
  }

  /**
   * Whether the reply's end of shard is to be asked for again rather than believed. The service
   * always names the shards that follow; an end without them is believed when it is repeated.
   */
  boolean doubts(PollState state, ReadReply reply) {
    return reply.endsWithoutChildren() && state.failures() < DOUBTS;
  }

  /**
   * How many records to ask for.
   *
   * @param allowanceBytes how large the reply should be at most; it has a record in any case, and
   *     misses the mark by as much as records are larger than those before
   */
  int maxRecords(PollState state, long allowanceBytes) {
    if (allowanceBytes >= MAX_REPLY_BYTES) {
      return settings.maxRecords();
    }
    LastRead last = state.lastRead();
    long each = last == null || last.recordBytes() == 0 ? USUAL_RECORD_BYTES : last.recordBytes();
    return (int) Math.max(1, Math.min(settings.maxRecords(), allowanceBytes / each));
  }

  /**
   * How large the next reply may be: not larger than the last large one or what producers can have
   * written since, whichever is more; the service's limit while that is not known.
   */
  long expectedBytes(PollState state, long nowNanos) {
    LastRead last = state.lastRead();
    if (last == null) {
      return MAX_REPLY_BYTES;
    }
    double seconds = (nowNanos - last.startedNanos()) / (double) NANOS_PER_SECOND;
    long arrived = (long) (seconds * WRITE_BYTES_PER_SECOND);
    return Math.min(MAX_REPLY_BYTES, Math.max(last.bytes(), arrived));
  }

  /** Whether retrying by itself is of no use, so that the caller has to know. */
  static boolean isPermanent(StreamFailure.Kind kind) {
    return switch (kind) {
      case NOT_FOUND, DENIED, REFUSED -> true;
      case THROTTLED, UNAVAILABLE, EXPIRED_ITERATOR, IN_USE -> false;
    };
  }

  private static long backOffNanos(int failuresBefore, double chance) {
    long doubled = MIN_BACK_OFF_NANOS << Math.min(failuresBefore, 10);
    double base = Math.min((double) doubled, MAX_BACK_OFF_NANOS / 1.5);
    return (long) (base * (1 + chance / 2));
  }

  private static long nanosFor(long bytes, long bytesPerSecond) {
    return bytes * NANOS_PER_SECOND / bytesPerSecond;
  }

  /** When a call was made and when its outcome was known, on the monotonic clock. */
  record Call(long startedNanos, long endedNanos) {}
}
