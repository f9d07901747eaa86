package org.openkcl.environment;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An event loop on one real daemon thread. */
final class ThreadEventLoop implements EventLoop {
  private static final Logger log = LoggerFactory.getLogger(ThreadEventLoop.class);

  private final ScheduledThreadPoolExecutor executor;

  ThreadEventLoop(String name) {
    executor = new ScheduledThreadPoolExecutor(1, task -> new LoopThread(task, name));
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    executor.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
    executor.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
  }

  static boolean isLoopThread(Thread thread) {
    return thread instanceof LoopThread;
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(guarded(task));
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    Future<?> future =
        executor.schedule(guarded(task), Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }

  @Override
  public boolean inLoop() {
    return Thread.currentThread() instanceof LoopThread thread && thread.owner() == this;
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }

  private Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error failure) {
        log.atError()
            .addKeyValue("event", "loop.task-failed")
            .setCause(failure)
            .log("A task of the event loop failed; the loop goes on");
      }
    };
  }

  private final class LoopThread extends Thread {
    LoopThread(Runnable task, String name) {
      super(task, name);
      setDaemon(true);
    }

    ThreadEventLoop owner() {
      return ThreadEventLoop.this;
    }
  }
}
