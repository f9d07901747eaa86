package org.openkcl.samples.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Executor;

/**
 * The workers' processes and what is known of them. Confined to the director's thread, to which the
 * processes' reports are brought by its executor.
 */
final class Fleet {
  private final Path workDir;
  private final List<String> arguments;
  private final Executor director;
  private final Map<String, Member> members = new TreeMap<>();

  /** A worker and its end, if that was wanted. */
  private static final class Member {
    private final WorkerProcess process;
    private String state = "starting";
    private boolean reporting = true;
    private boolean endNoticed;
    private OptionalLong startMicros = OptionalLong.empty();

    private Member(WorkerProcess process) {
      this.process = process;
    }
  }

  /**
   * No workers yet.
   *
   * @param arguments given to every worker
   */
  Fleet(Path workDir, List<String> arguments, Executor director) {
    this.workDir = workDir;
    this.arguments = List.copyOf(arguments);
    this.director = director;
  }

  /** Starts a worker; {@code more} are arguments of its own. */
  void start(String worker, List<String> more) throws IOException {
    List<String> all = new ArrayList<>(List.of("--worker-id", worker));
    all.addAll(arguments);
    all.addAll(more);
    WorkerProcess process = WorkerProcess.start(
        worker,
        all,
        workDir.resolve("worker-" + worker + ".log"),
        report -> director.execute(() -> hear(worker, report)));
    members.put(worker, new Member(process));
  }

  private void hear(String worker, WorkerReport report) {
    Member member = members.get(worker);
    if (member != null && member.reporting) {
      member.startMicros = OptionalLong.of(report.startMicros());
      member.state = report.describe();
    }
  }

  /** Sends SIGTERM. */
  void askToStop(String worker) {
    end(worker, "stopping").process.askToStop();
  }

  /** Sends SIGKILL. */
  void kill(String worker) {
    end(worker, "killed").process.kill();
  }

  private Member end(String worker, String state) {
    Member member = members.get(worker);
    if (member == null) {
      throw new IllegalStateException("There is no worker " + worker);
    }
    member.state = state;
    member.reporting = false;
    return member;
  }

  /** Workers that were asked to stop and have ended since the last call, with their exit codes. */
  Map<String, Integer> newlyStopped() {
    Map<String, Integer> stopped = new TreeMap<>();
    members.forEach((worker, member) -> {
      if (!member.reporting && !member.endNoticed && !member.process.alive()) {
        member.endNoticed = true;
        if (member.state.equals("stopping")) {
          member.state = "stopped";
          stopped.put(worker, member.process.exitCode());
        }
      }
    });
    return stopped;
  }

  /** A sentence for each worker that ended though nobody asked it to. */
  List<String> accidents() {
    return members.values().stream()
        .filter(member -> member.reporting && !member.process.alive())
        .map(member -> "Worker %s ended by itself with exit code %d: see worker-%s.log"
            .formatted(member.process.worker(), member.process.exitCode(), member.process.worker()))
        .toList();
  }

  /** When a worker called {@code start()}, as far as it has said. */
  OptionalLong startMicros(String worker) {
    Member member = members.get(worker);
    return member == null ? OptionalLong.empty() : member.startMicros;
  }

  /** What each worker does, for people. */
  Map<String, String> states() {
    Map<String, String> states = new TreeMap<>();
    members.forEach((worker, member) -> states.put(worker, member.state));
    return Collections.unmodifiableMap(states);
  }

  /**
   * Asks all that still run to stop, and waits.
   *
   * @return a sentence for each worker that did not stop in time
   */
  List<String> stopAll(long millis) throws InterruptedException {
    long deadline = System.nanoTime() + millis * 1_000_000;
    members.forEach((worker, member) -> {
      if (member.reporting) {
        askToStop(worker);
      }
    });
    List<String> late = new ArrayList<>();
    for (Member member : members.values()) {
      long leftMillis = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
      if (!member.process.awaitEnd(leftMillis)) {
        late.add("Worker " + member.process.worker() + " did not stop when asked to");
      }
    }
    return late;
  }

  /** The processes, to be ended whatever happens. */
  List<WorkerProcess> processes() {
    return members.values().stream().map(member -> member.process).toList();
  }
}
