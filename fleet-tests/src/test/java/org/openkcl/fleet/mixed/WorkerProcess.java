package org.openkcl.fleet.mixed;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.openkcl.fleet.peer.PeerEvent;

/** A worker in a JVM of its own; everything that it writes besides its reports goes to its log. */
final class WorkerProcess {
  private final String worker;
  private final Library library;
  private final Path log;
  private final Process process;

  private WorkerProcess(String worker, Library library, Path log, Process process) {
    this.worker = worker;
    this.library = library;
    this.log = log;
    this.process = process;
  }

  /**
   * @param arguments JVM options, class path, main class and its arguments
   * @param reports called on a thread of its own
   */
  static WorkerProcess start(
      String worker,
      Library library,
      List<String> arguments,
      Path log,
      BiConsumer<String, PeerEvent> reports) {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx256m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1"));
    command.addAll(arguments);
    try {
      Process process = new ProcessBuilder(command)
          .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .start();
      Thread reader = new Thread(() -> read(worker, process, reports, log), "reports-of-" + worker);
      reader.setDaemon(true);
      reader.start();
      return new WorkerProcess(worker, library, log, process);
    } catch (IOException e) {
      throw new UncheckedIOException("Worker " + worker + " cannot be started", e);
    }
  }

  private static void read(
      String worker, Process process, BiConsumer<String, PeerEvent> reports, Path log) {
    try (BufferedReader lines = process.inputReader(UTF_8);
        BufferedWriter others = Files.newBufferedWriter(
            log, UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Optional<PeerEvent> event = PeerEvent.ofLine(line);
        if (event.isPresent()) {
          reports.accept(worker, event.get());
        } else {
          others.write(line + "\n");
          others.flush();
        }
      }
    } catch (IOException e) {
      // It was killed in the middle of a line.
    }
  }

  String worker() {
    return worker;
  }

  Library library() {
    return library;
  }

  Path log() {
    return log;
  }

  boolean alive() {
    return process.isAlive();
  }

  /** SIGTERM. {@code Process.destroy} would also close the pipe that it reports through. */
  void askToStop() {
    process.toHandle().destroy();
  }

  /** {@code kill -9}. */
  void kill() {
    process.destroyForcibly();
  }

  boolean awaitEnd(Duration timeout) throws InterruptedException {
    return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** How it ended, or that it has not. */
  String end() {
    return alive() ? "running" : "exit code " + process.exitValue();
  }
}
