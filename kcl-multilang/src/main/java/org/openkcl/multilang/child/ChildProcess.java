package org.openkcl.multilang.child;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.multilang.protocol.ChildLine;
import org.openkcl.multilang.protocol.ChildLines;
import org.openkcl.multilang.protocol.Extension;
import org.openkcl.multilang.protocol.ProtocolEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One child process and the pipes to it. Its output is read all the time, whether or not somebody
 * waits for it: a child that prints a lot must not block, least of all while the daemon writes to
 * it. What it says goes to the conversation of the shard that it names, without ever waiting for
 * anybody; lines that are no messages go to the log, and so does its standard error.
 *
 * <p>{@link #terminate} and {@link #kill} let a blocked writer go on.
 */
final class ChildProcess {
  private static final Logger log = LoggerFactory.getLogger(ChildProcess.class);
  private static final Duration EXIT_CODE_DELAY = Duration.ofSeconds(1);
  private static final long STACK_BYTES = 256 * 1024;

  /** Where children get their clocks and timers from. */
  record Timing(Environment environment, EventLoop timers) {}

  private final Process process;
  private final Set<Extension> offers;
  private final int lineBytesMax;
  private final Timing timing;
  private final ChildInput input;
  private final SkippedLines skippedLines;
  private final Conversation first;
  private final Map<String, Conversation> conversations = new ConcurrentHashMap<>();

  private final CompletableFuture<ProtocolEvent> ended = new CompletableFuture<>();
  private volatile boolean shared;
  private volatile @Nullable GivenUp givenUp;

  /** Why the daemon ends the child, and for the sake of which shard. */
  private record GivenUp(String reason, String shardId) {}

  private ChildProcess(
      Process process, String shardId, Set<Extension> offers, int lineBytesMax, Timing timing) {
    this.process = process;
    this.offers = offers;
    this.lineBytesMax = lineBytesMax;
    this.timing = timing;
    this.input = new ChildInput(process.getOutputStream(), offers.contains(Extension.SHARDS));
    this.skippedLines = new SkippedLines(timing.environment());
    this.first = new Conversation(this, shardId);
    conversations.put(shardId, first);
  }

  /**
   * Starts one for a shard; it inherits environment and working directory.
   *
   * @param offers extensions of the protocol that it may take up
   */
  static ChildProcess start(
      ChildCommand command, String shardId, Set<Extension> offers, int lineBytesMax, Timing timing)
      throws IOException {
    Process process = new ProcessBuilder(command.words()).start();
    ChildProcess child = new ChildProcess(process, shardId, offers, lineBytesMax, timing);
    child.startThread("stdout", child::readOutput);
    child.startThread(
        "stderr", () -> ChildLog.copyErrors(process.getErrorStream(), child::forPeople));
    if (child.input.isQueued()) {
      child.startThread("stdin", () -> child.input.writeAll(() -> child.shared, child::inputBroke));
    }
    child.tellExit();
    return child;
  }

  private void startThread(String what, Runnable task) {
    Thread thread = new Thread(null, task, "openkcl-" + what + "-" + pid(), STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
  }

  /** The output may stay open when the child has ended: another process may have inherited it. */
  private void tellExit() {
    CompletableFuture<?> unused = process
        .onExit()
        .thenRun(() -> timing.timers().schedule(EXIT_CODE_DELAY, () -> end(exit())));
  }

  long pid() {
    return process.pid();
  }

  Set<Extension> offers() {
    return offers;
  }

  /** The conversation about the shard that it was started for. */
  Conversation first() {
    return first;
  }

  /** Whether its messages name their shards. */
  boolean isShared() {
    return shared;
  }

  /** From now on its messages name their shards; it has agreed to that. */
  void share() {
    shared = true;
  }

  /**
   * Begins to talk about another shard.
   *
   * @return empty when there is such a conversation already
   */
  Optional<Conversation> converse(String shardId) {
    Conversation another = new Conversation(this, shardId);
    if (conversations.putIfAbsent(shardId, another) != null) {
      return Optional.empty();
    }
    ProtocolEvent end = ended.getNow(null);
    if (end != null) {
      another.put(end);
    }
    return Optional.of(another);
  }

  /** Nothing more is said about a shard. */
  void leave(Conversation conversation) {
    conversations.remove(conversation.shardId(), conversation);
  }

  /** Completes when nothing more comes from it or can be sent to it. */
  CompletableFuture<ProtocolEvent> ended() {
    return ended;
  }

  void send(Message message, String shardId) throws IOException {
    input.send(message, shardId);
  }

  private void inputBroke(IOException broken) {
    log.debug("The standard input of child {} broke", pid(), broken);
    end("the pipe to it broke, " + exit());
  }

  /** As {@link #terminate}, and tells from now on that this was the reason. */
  void terminateBecause(String reason, String shardId) {
    giveUp(reason, shardId);
    terminate();
  }

  /** As {@link #kill}, and tells from now on that this was the reason. */
  void killBecause(String reason, String shardId) {
    giveUp(reason, shardId);
    kill();
  }

  /** Tells from now on that the daemon ends it for this reason, unless it has ended by itself. */
  void giveUp(String reason, String shardId) {
    if (givenUp == null && !ended.isDone()) {
      givenUp = new GivenUp(reason, shardId);
    }
  }

  /** Whether its end may be a shard's doing: not if the daemon ended it because of another one. */
  boolean mayHaveEndedBy(String shardId) {
    GivenUp given = givenUp;
    return given == null || given.shardId().equals(shardId);
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
    input.close();
  }

  /** Waits for the end; false when it does not come in time. */
  boolean awaitEnd(Duration patience) throws InterruptedException {
    try {
      timing.environment().await(process.onExit(), patience);
      return true;
    } catch (TimeoutException late) {
      return false;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Its exit, for people. */
  String exit() {
    GivenUp given = givenUp;
    if (given != null) {
      return shared ? given.reason() + " (" + given.shardId() + ")" : given.reason();
    }
    if (process.isAlive()) {
      return "it has closed its standard output but still runs";
    }
    int code = process.exitValue();
    return code > 128
        ? "it was ended by signal " + (code - 128)
        : "it has exited with code " + code;
  }

  private void end(String how) {
    if (ended.complete(new ProtocolEvent.Gone(how))) {
      conversations.values().forEach(conversation -> conversation.put(ended.join()));
      if (input.isQueued()) {
        input.close(); // its thread ends, too
      }
    }
  }

  private void readOutput() {
    try (InputStream stream = process.getInputStream()) {
      BoundedLines lines = new BoundedLines(stream, lineBytesMax);
      for (BoundedLines.@Nullable Line line = lines.read(); line != null; line = lines.read()) {
        take(line);
      }
      awaitEnd(EXIT_CODE_DELAY); // only to tell the exit code
    } catch (IOException closed) {
      log.debug("The standard output of child {} ended", pid(), closed);
    } catch (InterruptedException nobodyDoesThat) {
      Thread.currentThread().interrupt();
    }
    end(exit());
  }

  private void take(BoundedLines.Line line) {
    ChildLine understood = line.isWhole()
        ? ChildLines.parse(line.text())
        : ChildLines.tooLong(line.text(), lineBytesMax);
    if (understood instanceof ChildLine.Unexpected odd) {
      skip(odd.text(), odd.diagnosis());
    } else if (understood instanceof ChildLine.Log entry) {
      if (offers.contains(Extension.LOG)) {
        ChildLog.write(entry, forPeople());
      } else {
        skip(line.text(), "log lines were not offered to it: set childLogLevels = true");
      }
    } else if (!(understood instanceof ChildLine.Blank)) {
      route(understood, line.text());
    }
  }

  private void route(ChildLine message, String text) {
    String shardId = shared ? message.shardId() : first.shardId();
    if (shardId == null) {
      skip(text, "it names no shard, which it has agreed to do when it took up 'shards'");
      return;
    }
    Conversation conversation = conversations.get(shardId);
    if (conversation == null) {
      skip(text, "the child does not have that shard, or has it no longer");
    } else {
      conversation.put(new ProtocolEvent.Line(message));
    }
  }

  private void skip(String text, String diagnosis) {
    skippedLines.skipped(forPeople(), diagnosis, text);
  }

  /** Its lines that are no messages. */
  SkippedLines skippedLines() {
    return skippedLines;
  }

  /** The shard that it has, or which child it is if it may have several. */
  private String forPeople() {
    return shared ? "child " + pid() : first.shardId();
  }
}
