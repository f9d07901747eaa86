package org.openkcl.peers;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine;
import software.amazon.kinesis.coordinator.Scheduler;

/**
 * One worker of Amazon's library in a JVM of its own. Reports what happens to it on standard output
 * ({@link Report}), stops gracefully on SIGTERM, and ends at once when its standard input does, so
 * that it never outlives the program that started it.
 */
public final class PeerMain {
  private static final int GRACE_SECONDS = 60;

  private PeerMain() {}

  /** Try {@code --help}. */
  public static void main(String[] args) throws IOException {
    PeerOptions options = new PeerOptions();
    CommandLine commandLine = new CommandLine(options);
    try {
      commandLine.parseArgs(args);
    } catch (CommandLine.ParameterException wrong) {
      System.err.println(wrong.getMessage());
      commandLine.usage(System.err);
      System.exit(2);
    }
    if (commandLine.isUsageHelpRequested()) {
      commandLine.usage(System.out);
      return;
    }
    run(new PeerWorker(options).scheduler());
  }

  private static void run(Scheduler scheduler) throws IOException {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(scheduler), "stop-gracefully"));
    Report.of("starting", "-").print();
    Thread worker = new Thread(
        () -> {
          scheduler.run();
          Report.of("ended", "-").print();
        },
        "worker");
    worker.start();
    while (System.in.read() >= 0) {
      // Only its end matters.
    }
    Runtime.getRuntime().halt(3);
  }

  private static void stop(Scheduler scheduler) {
    Report.of("stopping", "-").print();
    String outcome;
    try {
      boolean graceful = scheduler.startGracefulShutdown().get(GRACE_SECONDS, TimeUnit.SECONDS);
      outcome = graceful ? "graceful" : "hard";
    } catch (TimeoutException late) {
      outcome = "timeout";
    } catch (ExecutionException failed) {
      outcome = "failed";
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      outcome = "interrupted";
    }
    Report.of("stopped", "-").with("outcome", outcome).print();
  }
}
