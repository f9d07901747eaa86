package org.openkcl.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.openkcl.benchmarks.probe.WorkerEvent;
import org.openkcl.benchmarks.probe.WorkerOption;
import org.openkcl.benchmarks.probe.WorkerOptions;
import org.openkcl.local.LocalCloud;

/**
 * The worker JVMs of one run and what they report. Closing it, or the end of this JVM, kills those
 * that still run. Thread-safe.
 */
final class Workers implements AutoCloseable {
  /** What a worker gets unless the scenario says otherwise. */
  static final String HEAP = "-Xmx256m";

  private final LocalCloud cloud;
  private final String application;
  private final Library library;
  private final boolean profiled;
  private final Map<String, Process> processes = new HashMap<>();
  private final List<Timeline.Entry> entries = new ArrayList<>();
  private final Thread atExit = new Thread(this::killAll, "kill-workers");

  /**
   * None yet.
   *
   * @param application also the stream
   * @param profiled whether the JVMs record where their time goes
   */
  Workers(LocalCloud cloud, String application, Library library, boolean profiled) {
    this.cloud = cloud;
    this.application = application;
    this.library = library;
    this.profiled = profiled;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Starts a worker JVM of the run's library; does not wait for it. */
  void start(String id) {
    start(id, HEAP, WorkerOptions.defaults());
  }

  /** As {@link #start(String)}, with options of its own. */
  void start(String id, String heap, WorkerOptions options) {
    WorkerOptions complete = library
        .configure(options)
        .with(WorkerOption.KINESIS, cloud.kinesisEndpoint())
        .with(WorkerOption.DYNAMODB, cloud.dynamoDbEndpoint())
        .with(WorkerOption.STREAM, application)
        .with(WorkerOption.WORKER, id);
    if (!complete.values().containsKey(WorkerOption.APPLICATION)) {
      complete = complete.with(WorkerOption.APPLICATION, application);
    }
    launch(id, heap, library.classPath(), library.mainClass(), complete.toArguments());
  }

  /** Starts a JVM of this program's own class path; does not wait for it. */
  void start(String id, String heap, Class<?> main, String... more) {
    List<String> arguments = new ArrayList<>(List.of(
        cloud.kinesisEndpoint().toString(), cloud.dynamoDbEndpoint().toString(), application, id));
    arguments.addAll(List.of(more));
    launch(id, heap, System.getProperty("java.class.path"), main.getName(), arguments);
  }

  private synchronized void launch(
      String id, String heap, String classPath, String main, List<String> arguments) {
    String level = System.getProperty("openkcl.log", "WARN");
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        heap,
        "-Dopenkcl.log=" + level,
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=" + level.toLowerCase(Locale.ROOT),
        "-Dorg.slf4j.simpleLogger.showDateTime=true",
        "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
        "-cp",
        classPath));
    if (profiled) {
      command.add("-XX:StartFlightRecording:settings=profile");
    }
    command.add(main);
    command.addAll(arguments);
    try {
      Process process = new ProcessBuilder(command).redirectError(log(id)).start();
      processes.put(id, process);
      Thread reader = new Thread(() -> read(id, process.inputReader(UTF_8)), "reports-of-" + id);
      reader.setDaemon(true);
      reader.start();
    } catch (IOException e) {
      throw new UncheckedIOException("A worker JVM cannot be started", e);
    }
  }

  /** What a worker has to say besides: a file of its own, since it may be much. */
  private ProcessBuilder.Redirect log(String id) throws IOException {
    return ProcessBuilder.Redirect.to(file(id, ".log").toFile());
  }

  private Path file(String id, String ending) throws IOException {
    Path folder = Path.of(System.getProperty("openkcl.target", "benchmarks/target"), "workers");
    Files.createDirectories(folder);
    return folder.resolve(application + "-" + id + ending).toAbsolutePath();
  }

  /** If workers are profiled, writes what a worker has recorded so far. */
  void writeProfile(String id) throws InterruptedException {
    if (!profiled) {
      return;
    }
    try {
      Path file = file(id, ".jfr");
      new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
              Long.toString(process(id).pid()),
              "JFR.dump",
              "filename=" + file)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start()
          .waitFor();
      System.out.println("  profile: " + file);
    } catch (IOException e) {
      throw new UncheckedIOException("The profile of worker " + id + " cannot be written", e);
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
      TimeUnit.MILLISECONDS.sleep(100);
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
