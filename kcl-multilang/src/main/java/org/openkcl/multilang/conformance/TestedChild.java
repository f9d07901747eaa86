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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.openkcl.multilang.protocol.ChildLine;
import org.openkcl.multilang.protocol.ChildLines;
import org.openkcl.multilang.protocol.MessageWriter;

/**
 * A child under test: a process that is written to and read from with patience, and whose every
 * line has to be a message. For one thread.
 */
final class TestedChild implements AutoCloseable {
  private static final int LINES_OF_ERRORS = 5;

  /** A line of its output; empty at the end. */
  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

  private final Deque<String> errors = new ConcurrentLinkedDeque<>();
  private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
    Thread thread = new Thread(task, "openkcl-conformance");
    thread.setDaemon(true);
    return thread;
  });
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

  private TestedChild(Process process, Duration patience, boolean logOffered) {
    this.process = process;
    this.patience = patience;
    this.logOffered = logOffered;
    this.input = new BufferedOutputStream(process.getOutputStream(), 64 * 1024);
    this.writer = new MessageWriter(input);
    threads.execute(() -> {
      read(process.getInputStream(), line -> lines.add(Optional.of(line)));
      lines.add(Optional.empty());
    });
    threads.execute(() -> read(process.getErrorStream(), this::keepError));
  }

  static TestedChild start(List<String> command, Duration patience, boolean logOffered)
      throws Verdict {
    try {
      return new TestedChild(new ProcessBuilder(command).start(), patience, logOffered);
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
    try {
      threads
          .submit(() -> {
            write.run();
            return true;
          })
          .get(patience.toMillis(), TimeUnit.MILLISECONDS);
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
    long end = System.nanoTime() + time.toNanos();
    while (!isAtEnd) {
      Optional<String> line = lines.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (line == null) {
        return Optional.empty();
      }
      if (line.isEmpty()) {
        isAtEnd = true;
        break;
      }
      ChildLine understood = ChildLines.parse(line.get());
      if (understood instanceof ChildLine.Unexpected odd) {
        throw Verdict.failed(
            "it printed a line that is no message: " + odd.diagnosis() + ": " + odd.text());
      }
      if (understood instanceof ChildLine.Log && !logOffered) {
        throw Verdict.failed("it sent a log line, which was not offered to it: " + line.get());
      }
      if (!(understood instanceof ChildLine.Blank || understood instanceof ChildLine.Log)) {
        return Optional.of(understood);
      }
    }
    throw Verdict.failed("its standard output ended: " + exit());
  }

  /** Whether nothing more comes from it; known only once {@link #within} has said so. */
  boolean isAtEnd() {
    return isAtEnd;
  }

  /** Closes its standard input, upon which it has to end. */
  void endsByItself() throws Verdict, InterruptedException {
    inTime("its standard input cannot be closed", input::close);
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw Verdict.failed(
          "it goes on " + patience.toMillis() + " ms after its standard input was closed");
    }
  }

  private String exit() throws InterruptedException {
    return process.waitFor(1, TimeUnit.SECONDS)
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
    threads.shutdownNow();
  }
}
