package org.openkcl.environment;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Real threads that carry simulated user code in lock-step: either the simulation runs or exactly
 * one carrier does, and the turn is handed over explicitly.
 */
final class CarrierThreads implements AutoCloseable {
  private final Deque<Carrier> idle = new ArrayDeque<>();
  private final List<Carrier> all = new ArrayList<>();

  /** Thrown into user code whose process has crashed, to unwind its stack. */
  static final class Crashed extends Error {
    private static final long serialVersionUID = 1L;

    Crashed() {
      super("The simulated process has crashed", null, false, false);
    }
  }

  /** Runs {@code task} on a carrier until it ends or suspends itself. Call from the simulation. */
  void start(Runnable task) {
    Carrier carrier = idle.poll();
    if (carrier == null) {
      carrier = new Carrier();
      all.add(carrier);
      carrier.thread.start();
    }
    carrier.task = task;
    carrier.resume();
  }

  /** The carrier that the calling thread is, or null when it is none. */
  static @Nullable Carrier current() {
    return Thread.currentThread() instanceof CarrierThread thread ? thread.carrier : null;
  }

  @Override
  public void close() {
    for (Carrier carrier : all) {
      carrier.closed = true;
      carrier.resume();
    }
    all.clear();
    idle.clear();
  }

  /** One thread and whose turn it is. */
  final class Carrier {
    private final Semaphore turn = new Semaphore(0);
    private final Semaphore yielded = new Semaphore(0);
    private final CarrierThread thread = new CarrierThread(this);
    private @Nullable Runnable task;
    private @Nullable Throwable failure;
    private boolean crashed;
    private boolean closed;
    private boolean ended;

    /** Gives the carrier its turn and waits until it gives it back. Call from the simulation. */
    void resume() {
      if (ended) {
        return;
      }
      turn.release();
      yielded.acquireUninterruptibly();
      Throwable thrown = failure;
      failure = null;
      if (thrown != null) {
        throw new AssertionError("User code ended with an unexpected " + thrown, thrown);
      }
    }

    /** Makes the suspended user code unwind. Call from the simulation. */
    void crash() {
      crashed = true;
      resume();
    }

    /** Gives the turn back and waits for the next one. Call from the carrier's own thread. */
    void suspend() {
      yielded.release();
      turn.acquireUninterruptibly();
      if (crashed || closed) {
        throw new Crashed();
      }
    }

    private void loop() {
      while (true) {
        turn.acquireUninterruptibly();
        Runnable next = task;
        task = null;
        if (closed || next == null) {
          ended = true;
          yielded.release();
          return;
        }
        try {
          next.run();
        } catch (Crashed unwound) {
          // The process of this call has crashed; the thread itself can serve another.
        } catch (RuntimeException | Error thrown) {
          failure = thrown;
        }
        crashed = false;
        if (!closed) {
          idle.add(this);
        } else {
          ended = true;
        }
        yielded.release();
        if (ended) {
          return;
        }
      }
    }
  }

  private static final class CarrierThread extends Thread {
    private final Carrier carrier;

    CarrierThread(Carrier carrier) {
      super("simulated-user-code");
      this.carrier = carrier;
      setDaemon(true);
    }

    @Override
    public void run() {
      carrier.loop();
    }
  }
}
