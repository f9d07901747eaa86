package org.openkcl.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs user code away from the event loop, at most so many calls at once; the rest waits its turn
 * in order. A call that takes long is reported with its stack and otherwise left alone: it may be
 * legitimate, and it cannot be killed.
 *
 * <p>Confined to the event loop, but for the calls themselves.
 */
final class UserCalls {
  private static final Logger log = LoggerFactory.getLogger(UserCalls.class);
  private static final int MAX_STACK_LINES = 20;

  private final Environment environment;
  private final EventLoop loop;
  private final int maxConcurrent;
  private final Duration reportAfter;
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private int inProgress;

  UserCalls(Environment environment, EventLoop loop, int maxConcurrent, Duration reportAfter) {
    this.environment = environment;
    this.loop = loop;
    this.maxConcurrent = maxConcurrent;
    this.reportAfter = reportAfter;
  }

  /** User code; may block, may throw anything. */
  interface UserCall {
    void run() throws Exception;
  }

  /** The outcome of a call that was withdrawn before its turn came: user code has not run. */
  static final class WithdrawnException extends Exception {
    private static final long serialVersionUID = 1L;

    WithdrawnException() {
      super("The call was withdrawn before its turn came", null, false, false);
    }
  }

  /** A call whose turn has not come. */
  private record Waiting(Ticket ticket, UserCall call, Consumer<@Nullable Throwable> whenDone) {}

  /** One call under way, as the loop sees it. */
  final class Ticket {
    private final String name;
    private long startedNanos;
    private @Nullable Thread thread;
    private boolean reported;
    private EventLoop.Timer timer = () -> {};

    Ticket(String name) {
      this.name = name;
    }

    /** Whether the call has been reported as taking unusually long. */
    boolean isStuck() {
      return reported;
    }

    private void started(Thread runner) {
      thread = runner;
      startedNanos = environment.nanoTime();
      timer = loop.schedule(reportAfter, this::report);
    }

    private void report() {
      reported = true;
      Duration taken = Duration.ofNanos(environment.nanoTime() - startedNanos);
      log.warn(
          "{} has been in user code for {} s; its shard waits. If this is not expected, find out"
              + " what it waits for:{}",
          name,
          taken.toSeconds(),
          stackOf(thread));
    }
  }

  /**
   * Runs {@code call} as soon as there is room.
   *
   * @param name of the thread meanwhile, for people who read thread dumps
   * @param whenDone hears on the loop what the call threw, or null
   */
  Ticket run(String name, UserCall call, Consumer<@Nullable Throwable> whenDone) {
    Ticket ticket = new Ticket(name);
    queue.add(new Waiting(ticket, call, whenDone));
    next();
    return ticket;
  }

  /**
   * Takes back a call that still waits for its turn; its {@code whenDone} hears {@link
   * WithdrawnException} soon. Does nothing to a call that has begun.
   */
  void withdraw(Ticket ticket) {
    for (Iterator<Waiting> waiting = queue.iterator(); waiting.hasNext(); ) {
      Waiting next = waiting.next();
      if (next.ticket() == ticket) {
        waiting.remove();
        loop.execute(() -> next.whenDone().accept(new WithdrawnException()));
      }
    }
  }

  private void carryOut(Ticket ticket, UserCall call, Consumer<@Nullable Throwable> whenDone) {
    Thread runner = Thread.currentThread();
    loop.execute(() -> ticket.started(runner));
    Throwable thrown = null;
    try {
      call.run();
    } catch (Throwable failure) { // whatever user code throws is its shard's business only
      thrown = failure;
    }
    Throwable outcome = thrown;
    loop.execute(() -> {
      ticket.timer.cancel();
      ticket.thread = null;
      inProgress--;
      next();
      whenDone.accept(outcome);
    });
  }

  private void next() {
    while (inProgress < maxConcurrent && !queue.isEmpty()) {
      inProgress++;
      Waiting next = queue.remove();
      environment.runBlocking(
          next.ticket().name, () -> carryOut(next.ticket(), next.call(), next.whenDone()));
    }
  }

  private static String stackOf(@Nullable Thread thread) {
    StringBuilder lines = new StringBuilder();
    if (thread != null) {
      StackTraceElement[] stack = thread.getStackTrace();
      for (int i = 0; i < Math.min(stack.length, MAX_STACK_LINES); i++) {
        lines.append(System.lineSeparator()).append("    at ").append(stack[i]);
      }
    }
    return lines.toString();
  }
}
