package org.openkcl.environment;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that user code runs on. On a JVM with virtual threads (21 and newer) each call has
 * one; on Java 17 a pool grows by one thread per call in progress and shrinks again after {@value
 * #IDLE_SECONDS} idle seconds. How many calls may be in progress is the caller's business.
 */
final class BlockingCalls implements AutoCloseable {
  private static final int IDLE_SECONDS = 5;

  private final ExecutorService executor;

  private BlockingCalls(ExecutorService executor) {
    this.executor = executor;
  }

  static BlockingCalls create() {
    try {
      Object virtual =
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
      return new BlockingCalls((ExecutorService) virtual);
    } catch (NoSuchMethodException before21) {
      return new BlockingCalls(elasticPool());
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("The JVM refuses to create virtual threads", e);
    }
  }

  private static ExecutorService elasticPool() {
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        task -> {
          Thread thread = new Thread(task, "openkcl-idle");
          thread.setDaemon(true);
          return thread;
        },
        new ThreadPoolExecutor.DiscardPolicy());
  }

  void run(String name, Runnable task) {
    executor.execute(() -> {
      Thread thread = Thread.currentThread();
      String before = thread.getName();
      thread.setName(name);
      try {
        task.run();
      } finally {
        thread.setName(before);
      }
    });
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
