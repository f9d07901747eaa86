package org.openkcl.samples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A worker in a JVM of its own. It prints {@link WorkerReport}s and ends when its standard input
 * does, so it never outlives this JVM, however that ends.
 */
final class WorkerProcess implements AutoCloseable {
  private final String worker;
  private final Process process;

  private WorkerProcess(String worker, Process process) {
    this.worker = worker;
    this.process = process;
  }

  /**
   * Starts one with this JVM's class path.
   *
   * @param log takes the library's log and whatever else the process writes
   * @param reports called on a thread of its own
   */
  static WorkerProcess start(
      String worker, List<String> arguments, Path log, Consumer<WorkerReport> reports)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(
        ProcessHandle.current().info().command().orElse("java"),
        "-Xmx256m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Ddemo.log=" + log,
        "-cp",
        System.getProperty("java.class.path"),
        DemoWorker.class.getName()));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
    Thread reader = new Thread(() -> read(process, reports), "reports of " + worker);
    reader.setDaemon(true);
    reader.start();
    return new WorkerProcess(worker, process);
  }

  private static void read(Process process, Consumer<WorkerReport> reports) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        WorkerReport.parse(line).ifPresent(reports);
      }
    } catch (IOException e) {
      if (process.isAlive()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  String worker() {
    return worker;
  }

  boolean alive() {
    return process.isAlive();
  }

  /** What it ended with; only after it has. */
  int exitCode() {
    return process.exitValue();
  }

  /** SIGTERM. Its standard input stays open ({@code Process.destroy} would close it). */
  void askToStop() {
    process.toHandle().destroy();
  }

  /** {@code kill -9}. */
  void kill() {
    process.destroyForcibly();
  }

  /** Waits for its end; false if it did not come in time. */
  boolean awaitEnd(long millis) throws InterruptedException {
    return process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /** Leaves nothing behind. */
  @Override
  public void close() {
    process.destroyForcibly();
  }
}
