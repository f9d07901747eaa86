package org.openkcl.multilang.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.Environment;
import org.openkcl.multilang.protocol.ChildLine;
import org.openkcl.multilang.protocol.ChildLines;
import org.openkcl.multilang.protocol.MessageWriter;

/**
 * A child under test: a process that is written to and read from with patience, and whose every
 * line has to be a message. For one thread.
 */
final class TestedChild implements AutoCloseable {
  private static final int LINES_OF_ERRORS = 5;

  private final Environment environment;
  private final OutputLines lines;
  private final Deque<String> errors = new ConcurrentLinkedDeque<>();
  private final Process process;
  private final Duration patience;
  private final OutputStream input;
  private final MessageWriter writer;
  private final boolean logOffered;
  private boolean isAtEnd;

  /** A message to the child. */
  interface Message {
    void writeTo(MessageWriter writer) throws IOException;
  }

  private TestedChild(
      Process process, Duration patience, boolean logOffered, Environment environment) {
    this.process = process;
    this.patience = patience;
    this.logOffered = logOffered;
    this.environment = environment;
    this.lines = new OutputLines(environment);
    this.input = new BufferedOutputStream(process.getOutputStream(), 64 * 1024);
    this.writer = new MessageWriter(input);
    environment.runBlocking("openkcl-conformance-stdout", () -> {
      read(process.getInputStream(), lines::add);
      lines.addEnd();
    });
    environment.runBlocking(
        "openkcl-conformance-stderr", () -> read(process.getErrorStream(), this::keepError));
  }

  /**
   * Starts one.
   *
   * @param environment for clocks and threads; stays open
   */
  static TestedChild start(
      List<String> command, Duration patience, boolean logOffered, Environment environment)
      throws Verdict {
    try {
      return new TestedChild(
          new ProcessBuilder(command).start(), patience, logOffered, environment);
    } catch (IOException failure) {
      throw Verdict.failed("it cannot be started: " + failure.getMessage());
    }
  }

  private static void read(InputStream from, Consumer<String> to) {
    try (BufferedReader reader = new BufferedReader(new InputStreamReader(from, UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        to.accept(line);
      }
    } catch (IOException closed) {
      to.accept("(its output broke: " + closed.getMessage() + ")");
    }
  }

  private void keepError(String line) {
    errors.addLast(line);
    while (errors.size() > LINES_OF_ERRORS) {
      errors.pollFirst();
    }
  }

  /**
   * Sends a message.
   *
   * @param shardId null for a message that names none
   */
  void say(@Nullable String shardId, Message message) throws Verdict, InterruptedException {
    inTime("it does not read its standard input", () -> message.writeTo(writer.about(shardId)));
  }

  /** Sends a line as it is. */
  void sayLine(String line) throws Verdict, InterruptedException {
    inTime("it does not read its standard input", () -> {
      input.write((line + "\n").getBytes(UTF_8));
      input.flush();
    });
  }

  private interface Write {
    void run() throws IOException;
  }

  private void inTime(String otherwise, Write write) throws Verdict, InterruptedException {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    environment.runBlocking("openkcl-conformance-stdin", () -> {
      try {
        write.run();
        done.complete(true);
      } catch (IOException | RuntimeException failure) {
        done.completeExceptionally(failure);
      }
    });
    try {
      environment.await(done, patience);
    } catch (TimeoutException late) {
      throw Verdict.failed(otherwise + ", for " + patience.toMillis() + " ms");
    } catch (ExecutionException broken) {
      throw Verdict.failed("it no longer takes messages: " + exit());
    }
  }

  /** The next message; waits for it. */
  ChildLine next(String what) throws Verdict, InterruptedException {
    return within(patience)
        .orElseThrow(
            () -> Verdict.failed("it sent no " + what + " within " + patience.toMillis() + " ms"));
  }

  /** The next message if one comes in that time. */
  Optional<ChildLine> within(Duration time) throws Verdict, InterruptedException {
    long end = nanoTime() + time.toNanos();
    while (!isAtEnd) {
      Optional<OutputLines.Line> line = lines.take(Duration.ofNanos(Math.max(0, end - nanoTime())));
      if (line.isEmpty()) {
        return Optional.empty();
      }
      if (line.get().isEnd()) {
        isAtEnd = true;
        break;
      }
      String text = line.get().text();
      ChildLine understood = ChildLines.parse(text);
      if (understood instanceof ChildLine.Unexpected odd) {
        throw Verdict.failed(
            "it printed a line that is no message: " + odd.diagnosis() + ": " + odd.text());
      }
      if (understood instanceof ChildLine.Log && !logOffered) {
        throw Verdict.failed("it sent a log line, which was not offered to it: " + text);
      }
      if (!(understood instanceof ChildLine.Blank || understood instanceof ChildLine.Log)) {
        return Optional.of(understood);
      }
    }
    throw Verdict.failed("its standard output ended: " + exit());
  }

  /** The time by its environment's clock. */
  long nanoTime() {
    return environment.nanoTime();
  }

  /** Whether nothing more comes from it; known only once {@link #within} has said so. */
  boolean isAtEnd() {
    return isAtEnd;
  }

  /** Closes its standard input, upon which it has to end. */
  void endsByItself() throws Verdict, InterruptedException {
    inTime("its standard input cannot be closed", input::close);
    if (!hasExitedWithin(patience)) {
      throw Verdict.failed(
          "it goes on " + patience.toMillis() + " ms after its standard input was closed");
    }
  }

  private boolean hasExitedWithin(Duration time) throws InterruptedException {
    try {
      environment.await(process.onExit(), time);
      return true;
    } catch (TimeoutException late) {
      return false;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private String exit() throws InterruptedException {
    return hasExitedWithin(Duration.ofSeconds(1))
        ? "it has exited with code " + process.exitValue()
        : "it still runs";
  }

  /** The last lines of its standard error, for people. */
  String lastErrors() {
    Deque<String> last = new ArrayDeque<>(errors);
    return last.isEmpty() ? "" : "\n      its standard error: " + String.join(" | ", last);
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
