package org.openkcl.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.openkcl.local.LocalCloud;

/**
 * The worker JVMs of one run and what they report. Closing it, or the end of this JVM, kills those
 * that still run. Thread-safe.
 */
final class Workers implements AutoCloseable {
  static final String HEAP = "-Xmx256m";

  private final LocalCloud cloud;
  private final String application;
  private final Map<String, Process> processes = new HashMap<>();
  private final List<Timeline.Entry> entries = new ArrayList<>();
  private final Thread atExit = new Thread(this::killAll, "kill-workers");

  Workers(LocalCloud cloud, String application) {
    this.cloud = cloud;
    this.application = application;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Starts a worker JVM; does not wait for it. */
  void start(String id) {
    start(id, HEAP, WorkerMain.class);
  }

  /** Starts a worker JVM with a main class of its own; does not wait for it. */
  synchronized void start(String id, String heap, Class<?> main, String... more) {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        heap,
        "-Dopenkcl.log=" + System.getProperty("openkcl.log", "WARN"),
        "-cp",
        System.getProperty("java.class.path"),
        main.getName(),
        cloud.kinesisEndpoint().toString(),
        cloud.dynamoDbEndpoint().toString(),
        application,
        id));
    command.addAll(List.of(more));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    try {
      Process process = builder.start();
      processes.put(id, process);
      Thread reader = new Thread(() -> read(id, process.inputReader(UTF_8)), "reports-of-" + id);
      reader.setDaemon(true);
      reader.start();
    } catch (IOException e) {
      throw new UncheckedIOException("A worker JVM cannot be started", e);
    }
  }

  /** kill -9. */
  void kill(String id) {
    process(id).toHandle().destroyForcibly();
  }

  /** SIGTERM. {@code Process.destroy} would also close the pipes that the worker reports through. */
  void terminate(String id) {
    process(id).toHandle().destroy();
  }

  void awaitExit(String id, Duration timeout) throws InterruptedException {
    if (!process(id).waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("Worker " + id + " did not end within " + timeout);
    }
  }

  /** Makes a worker report something, by a line on its standard input. */
  void ask(String id, String question) {
    try {
      process(id).getOutputStream().write((question + "\n").getBytes(UTF_8));
      process(id).getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException("Worker " + id + " does not listen", e);
    }
  }

  synchronized Timeline timeline() {
    return new Timeline(entries);
  }

  /** Waits until what has been reported fulfils a condition. */
  Timeline await(String what, Duration timeout, Predicate<Timeline> condition)
      throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    while (true) {
      Timeline timeline = timeline();
      if (condition.test(timeline)) {
        return timeline;
      }
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("Not within " + timeout + ": " + what);
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  @Override
  public void close() {
    killAll();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException shuttingDown) {
      // The hook does the same.
    }
  }

  private synchronized Process process(String id) {
    Process process = processes.get(id);
    if (process == null) {
      throw new IllegalArgumentException("No worker '" + id + "' was started");
    }
    return process;
  }

  private synchronized void killAll() {
    processes.values().forEach(process -> process.toHandle().destroyForcibly());
  }

  private void read(String id, BufferedReader reports) {
    try (reports) {
      for (String line = reports.readLine(); line != null; line = reports.readLine()) {
        WorkerEvent.ofLine(line).ifPresent(event -> add(new Timeline.Entry(id, event)));
      }
    } catch (IOException e) {
      // The worker was killed in the middle of a line.
    }
  }

  private synchronized void add(Timeline.Entry entry) {
    entries.add(entry);
  }
}
