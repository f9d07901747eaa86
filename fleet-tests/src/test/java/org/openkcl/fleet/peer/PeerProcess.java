package org.openkcl.fleet.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.openkcl.local.LocalCloud;

/**
 * A worker of Amazon's library in a JVM of its own. It ends when its standard input does, so it
 * never outlives this JVM, however that ends. Thread-safe.
 */
public final class PeerProcess implements AutoCloseable {
  private final String name;
  private final Process process;
  private final List<PeerEvent> events = new CopyOnWriteArrayList<>();

  private PeerProcess(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  /**
   * Starts one on a cloud; does not wait for it.
   *
   * @param peer its folder, such as {@code amazon-kcl-3.5.1}
   * @param application also names the lease table
   * @param options of the peer's, such as {@code --fan-out}; its {@code --help} lists them
   */
  public static PeerProcess start(
      String peer,
      LocalCloud cloud,
      String application,
      String stream,
      String worker,
      List<String> options)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx256m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=" + System.getProperty("openkcl.log", "warn"),
        "-Dorg.slf4j.simpleLogger.showDateTime=true",
        "-cp",
        classPath(Path.of("..", "peers", peer, "target")),
        "org.openkcl.peers.PeerMain",
        "--kinesis=" + cloud.kinesisEndpoint(),
        "--dynamodb=" + cloud.dynamoDbEndpoint(),
        "--application=" + application,
        "--stream=" + stream,
        "--worker=" + worker));
    command.addAll(options);
    Path log = Path.of("target", "peer-" + application + "-" + worker + ".log");
    Process process = new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.to(log.toFile()))
        .start();
    PeerProcess started = new PeerProcess(peer + " worker " + worker, process);
    Thread reader = new Thread(started::read, "reports of " + worker);
    reader.setDaemon(true);
    reader.start();
    return started;
  }

  /** All events so far, in order. */
  public List<PeerEvent> events() {
    return List.copyOf(events);
  }

  public List<PeerEvent> events(String kind) {
    return events.stream().filter(event -> event.is(kind)).toList();
  }

  /**
   * Waits until what it has reported fulfils a condition.
   *
   * @throws IllegalStateException when it does not in time, or the process ends before
   */
  public void await(String what, Duration timeout, Predicate<List<PeerEvent>> condition)
      throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    while (!condition.test(events())) {
      boolean late = System.nanoTime() - end > 0;
      if (late || (!process.isAlive() && !condition.test(events()))) {
        throw new IllegalStateException(name
            + (late ? " did not report within " + timeout + ": " : " ended before it reported: ")
            + what
            + ". Its last events: "
            + events.subList(Math.max(0, events.size() - 5), events.size()));
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** SIGTERM: a graceful stop. Its reports go on ({@code Process.destroy} would end them). */
  public void terminate() {
    process.toHandle().destroy();
  }

  /** {@code kill -9}. */
  public void kill() {
    process.toHandle().destroyForcibly();
  }

  /** Waits for its end; false if it did not come in time. */
  public boolean awaitEnd(Duration timeout) throws InterruptedException {
    return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        PeerEvent.ofLine(line).ifPresent(events::add);
      }
    } catch (IOException killed) {
      if (process.isAlive()) {
        throw new UncheckedIOException(name + " cannot be heard", killed);
      }
    }
  }

  private static String classPath(Path target) throws IOException {
    Path listed = target.resolve("class-path");
    if (!Files.exists(listed)) {
      throw new IllegalStateException("The peer is not built: there is no "
          + listed.toAbsolutePath().normalize()
          + ". Build it with mvn verify -pl peers -amd, or build everything.");
    }
    return target.resolve("classes") + File.pathSeparator + Files.readString(listed);
  }
}
