package org.openkcl.multilang.child;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openkcl.multilang.protocol.ChildLine;
import org.openkcl.multilang.protocol.ChildLines;
import org.openkcl.multilang.protocol.MessageWriter;
import org.openkcl.multilang.protocol.ProtocolEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One child process and the pipes to it. Its output is read all the time, whether or not somebody
 * waits for it: a child that prints a lot must not block, least of all while the daemon writes to
 * it. Lines that are no messages go to the log at once, and so does its standard error.
 *
 * <p>Writing and {@link #next} are for one thread at a time; {@link #terminate} and {@link #kill}
 * may be called from any, and let a blocked writer go on.
 */
final class ChildProcess {
  private static final Logger log = LoggerFactory.getLogger(ChildProcess.class);
  private static final Logger errorLog =
      LoggerFactory.getLogger("org.openkcl.multilang.child.stderr");
  private static final int OUT_BUFFER_BYTES = 64 * 1024;
  private static final int LOG_LINE_BYTES_MAX = 16 * 1024;
  private static final long STACK_BYTES = 256 * 1024;

  /** A child that keeps to the protocol has one message under way. */
  private static final int MESSAGES_MAX = 16;

  private final Process process;
  private final String shardId;
  private final int lineBytesMax;
  private final OutputStream input;
  private final MessageWriter writer;
  private volatile @Nullable String givenUp;
  private final BlockingQueue<ProtocolEvent> messages = new ArrayBlockingQueue<>(MESSAGES_MAX);

  private ChildProcess(Process process, String shardId, int lineBytesMax) {
    this.process = process;
    this.shardId = shardId;
    this.lineBytesMax = lineBytesMax;
    this.input = new BufferedOutputStream(process.getOutputStream(), OUT_BUFFER_BYTES);
    this.writer = new MessageWriter(input);
  }

  /** Starts one; it inherits environment and working directory. */
  static ChildProcess start(ChildCommand command, String shardId, int lineBytesMax)
      throws IOException {
    Process process = new ProcessBuilder(command.words()).start();
    ChildProcess child = new ChildProcess(process, shardId, lineBytesMax);
    child.startThread("stdout", child::readOutput);
    child.startThread("stderr", child::logErrors);
    child.tellExit();
    return child;
  }

  private void startThread(String what, Runnable task) {
    Thread thread = new Thread(null, task, "openkcl-" + what + "-" + shardId, STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
  }

  /** The output may stay open when the child has ended: another process may have inherited it. */
  private void tellExit() {
    CompletableFuture<?> unused = process
        .onExit()
        .thenRunAsync(() -> put(gone()), CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS));
  }

  long pid() {
    return process.pid();
  }

  MessageWriter writer() {
    return writer;
  }

  /** The next message of the child, or its end; waits for it. */
  ProtocolEvent next() throws InterruptedException {
    return messages.take();
  }

  /** A message that is there already; null when there is none. */
  @Nullable
  ProtocolEvent nextIfAny() {
    return messages.poll();
  }

  /** As {@link #terminate}, and tells from now on that this was the reason. */
  void terminateBecause(String reason) {
    givenUp = reason;
    terminate();
  }

  /** Asks the child and its own children to end (SIGTERM). */
  void terminate() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }

  /** Ends the child and its own children (SIGKILL). */
  void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Tells the child that nothing more comes. */
  void closeInput() {
    try {
      input.close();
    } catch (IOException alreadyGone) {
      log.trace("The input of child {} was closed before", pid(), alreadyGone);
    }
  }

  /** Waits for the end; false when it does not come in time. */
  boolean awaitEnd(Duration patience) throws InterruptedException {
    return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Its exit, for people. */
  String exit() {
    String reason = givenUp;
    if (reason != null) {
      return reason;
    }
    if (process.isAlive()) {
      return "it has closed its standard output but still runs";
    }
    int code = process.exitValue();
    return code > 128
        ? "it was ended by signal " + (code - 128)
        : "it has exited with code " + code;
  }

  private ProtocolEvent.Gone gone() {
    return new ProtocolEvent.Gone(exit());
  }

  private void readOutput() {
    try (InputStream stream = process.getInputStream()) {
      BoundedLines lines = new BoundedLines(stream, lineBytesMax);
      for (BoundedLines.@Nullable Line line = lines.read(); line != null; line = lines.read()) {
        take(line);
      }
      awaitEnd(Duration.ofSeconds(1)); // only to tell the exit code
    } catch (IOException closed) {
      log.debug("The standard output of the child of {} ended", shardId, closed);
    } catch (InterruptedException nobodyDoesThat) {
      Thread.currentThread().interrupt();
    }
    put(gone());
  }

  private void take(BoundedLines.Line line) {
    ChildLine understood = line.isWhole()
        ? ChildLines.parse(line.text())
        : ChildLines.tooLong(line.text(), lineBytesMax);
    if (understood instanceof ChildLine.Unexpected odd) {
      log.info("Skipped a line of the child of {}: {}: {}", shardId, odd.diagnosis(), odd.text());
    } else if (!(understood instanceof ChildLine.Blank)) {
      put(new ProtocolEvent.Line(understood));
    }
  }

  private void put(ProtocolEvent event) {
    if (!messages.offer(event)) {
      messages.clear();
      messages.add(new ProtocolEvent.Gone(
          "it sent more than " + MESSAGES_MAX + " messages that nobody had asked for"));
      kill();
    }
  }

  private void logErrors() {
    try (InputStream stream = process.getErrorStream()) {
      BoundedLines lines = new BoundedLines(stream, LOG_LINE_BYTES_MAX);
      for (BoundedLines.@Nullable Line line = lines.read(); line != null; line = lines.read()) {
        if (!line.text().isBlank()) {
          errorLog.info("[{}] {}", shardId, line.text());
        }
      }
    } catch (IOException closed) {
      log.debug("The standard error of the child of {} ended", shardId, closed);
    }
  }
}
