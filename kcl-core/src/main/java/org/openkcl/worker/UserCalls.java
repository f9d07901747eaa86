package org.openkcl.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;

/**
 * Runs user code away from the event loop, at most so many calls at once; the rest waits its turn
 * in order. A call can be looked at while it is under way, and interrupted; it cannot be killed.
 *
 * <p>Confined to the event loop, but for the calls themselves.
 */
final class UserCalls {
  private static final int MAX_STACK_LINES = 20;

  private final Environment environment;
  private final EventLoop loop;
  private final int maxConcurrent;
  private final Deque<Ticket> queue = new ArrayDeque<>();
  private int inProgress;

  UserCalls(Environment environment, EventLoop loop, int maxConcurrent) {
    this.environment = environment;
    this.loop = loop;
    this.maxConcurrent = maxConcurrent;
  }

  /** User code; may block, may throw anything. */
  interface UserCall {
    void run() throws Throwable;
  }

  /** The outcome of a call that was withdrawn before its turn came: user code has not run. */
  static final class WithdrawnException extends Exception {
    private static final long serialVersionUID = 1L;

    WithdrawnException() {
      super("The call was withdrawn before its turn came", null, false, false);
    }
  }

  /** One call, as the loop sees it. */
  final class Ticket {
    private final String name;
    private final Consumer<@Nullable Throwable> whenDone;
    private final FutureTask<?>
        body; // makes sure that an interrupt hits this call and no later one
    private @Nullable Throwable thrown; // the calling thread's
    private boolean ran; // the calling thread's
    private @Nullable Thread thread;
    private long sinceNanos = environment.nanoTime();
    private boolean reported;

    Ticket(String name, UserCall call, Consumer<@Nullable Throwable> whenDone) {
      this.name = name;
      this.whenDone = whenDone;
      this.body = new FutureTask<>(() -> carryOut(call), null);
    }

    /** Whether the call has begun; before, it waits for its turn. */
    boolean hasBegun() {
      return thread != null;
    }

    /** Since when the call has been under way, or has waited for its turn. */
    Duration lasting() {
      return Duration.ofNanos(environment.nanoTime() - sinceNanos);
    }

    /** Whether the call has been {@linkplain #reported reported}. */
    boolean isReported() {
      return reported;
    }

    /** Remembers that people know of the call. */
    void reported() {
      reported = true;
    }

    /** Interrupts the thread while it is in this call. */
    void interrupt() {
      body.cancel(true);
    }

    /** Where the call is now, one frame a line; empty before it has begun. */
    String stack() {
      StringBuilder lines = new StringBuilder();
      Thread runner = thread;
      if (runner != null) {
        StackTraceElement[] stack = runner.getStackTrace();
        for (int i = 0; i < Math.min(stack.length, MAX_STACK_LINES); i++) {
          lines.append(System.lineSeparator()).append("    at ").append(stack[i]);
        }
      }
      return lines.toString();
    }

    private void carryOut(UserCall call) {
      ran = true;
      try {
        call.run();
      } catch (Throwable failure) { // whatever user code throws is its shard's business only
        thrown = failure;
      }
    }

    private @Nullable Throwable outcome() {
      return ran ? thrown : new CancellationException(name + " was interrupted before it began");
    }

    private void began(Thread runner) {
      thread = runner;
      sinceNanos = environment.nanoTime();
    }
  }

  /**
   * Runs {@code call} as soon as there is room.
   *
   * @param name of the thread meanwhile, for people who read thread dumps
   * @param whenDone hears on the loop what the call threw, or null
   */
  Ticket run(String name, UserCall call, Consumer<@Nullable Throwable> whenDone) {
    Ticket ticket = new Ticket(name, call, whenDone);
    queue.add(ticket);
    next();
    return ticket;
  }

  /**
   * Takes back a call that still waits for its turn; its {@code whenDone} hears {@link
   * WithdrawnException} soon. Does nothing to a call that has begun.
   */
  void withdraw(Ticket ticket) {
    if (queue.remove(ticket)) {
      loop.execute(() -> ticket.whenDone.accept(new WithdrawnException()));
    }
  }

  private void next() {
    while (inProgress < maxConcurrent && !queue.isEmpty()) {
      inProgress++;
      begin(queue.remove());
    }
  }

  private void begin(Ticket ticket) {
    try {
      environment.runBlocking(ticket.name, () -> carryOut(ticket));
    } catch (RuntimeException | Error refused) { // for want of a thread, say
      loop.execute(() -> ended(ticket, refused));
    }
  }

  private void carryOut(Ticket ticket) {
    Thread runner = Thread.currentThread();
    loop.execute(() -> ticket.began(runner));
    ticket.body.run();
    boolean interrupted = Thread.interrupted(); // the thread may serve another call
    Throwable outcome = ticket.outcome();
    loop.execute(() -> ended(ticket, outcome));
    if (interrupted && !ticket.body.isCancelled()) {
      Thread.currentThread().interrupt(); // somebody else's business, such as the pool's end
    }
  }

  private void ended(Ticket ticket, @Nullable Throwable outcome) {
    ticket.thread = null;
    inProgress--;
    next();
    ticket.whenDone.accept(outcome);
  }
}
