package org.openkcl.local.http;

import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The subscriptions of all clients of a server. Those that records wake are run at once, by no more
 * threads than there are processors. For what time alone brings about (empty events, the end after
 * five minutes) the streams' clock is looked at ten times a second, and only while there are
 * subscriptions.
 */
final class SubscriptionFeeds {
  private static final Duration TICK = Duration.ofMillis(100);

  /** From the last event to the end of the stream. */
  private static final Duration PARTING = Duration.ofMillis(200);

  private static final int RUNNERS_MAX = Runtime.getRuntime().availableProcessors();

  private final GuardedStreams streams;
  private final GuardedFaults faults;
  private final Set<SubscriptionFeed> feeds = ConcurrentHashMap.newKeySet();
  private final Queue<Runnable> ready = new ConcurrentLinkedQueue<>();
  private final AtomicInteger runners = new AtomicInteger();
  private final AtomicBoolean ticking = new AtomicBoolean();

  SubscriptionFeeds(GuardedStreams streams, GuardedFaults faults) {
    this.streams = streams;
    this.faults = faults;
  }

  /** Sends a subscription's events as the body of a response whose head is complete. */
  void start(OpenedSubscription opening, Request request, Response response, Callback callback) {
    Executor threads = request.getComponents().getExecutor();
    Scheduler timer = request.getConnectionMetaData().getConnector().getScheduler();
    SubscriptionFeed feed = new SubscriptionFeed(
        streams,
        faults,
        opening,
        response,
        callback,
        work -> run(work, threads),
        work -> timer.schedule(work, PARTING),
        feeds::remove);
    feeds.add(feed);
    request.addFailureListener(feed::abort);
    feed.iterate();
    ensureTicking(timer);
  }

  private void run(Runnable work, Executor threads) {
    ready.add(work);
    if (addRunner()) {
      try {
        threads.execute(this::runAll);
      } catch (RejectedExecutionException serverIsClosing) {
        runners.decrementAndGet(); // the connections close as well, and with them all feeds
      }
    }
  }

  private void runAll() {
    do {
      for (Runnable work = ready.poll(); work != null; work = ready.poll()) {
        work.run();
      }
      runners.decrementAndGet();
    } while (!ready.isEmpty() && addRunner());
  }

  private boolean addRunner() {
    return runners.getAndUpdate(count -> Math.min(count + 1, RUNNERS_MAX)) < RUNNERS_MAX;
  }

  private void ensureTicking(Scheduler timer) {
    if (!feeds.isEmpty() && ticking.compareAndSet(false, true)) {
      timer.schedule(() -> tick(timer), TICK);
    }
  }

  private void tick(Scheduler timer) {
    ticking.set(false);
    streams.tellRecords(model -> {
      model.consumers().wakeDue();
      feeds.forEach(SubscriptionFeed::abortIfOverdue);
    });
    ensureTicking(timer);
  }
}
