package org.openkcl.samples.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows what goes on: on a terminal, events above a block of bars and workers that is redrawn in
 * place; elsewhere plain lines. Used by one thread.
 */
final class Screen implements AutoCloseable {
  private static final Duration PLAIN_EVERY = Duration.ofSeconds(5);
  private static final int WIDTH_MAX = 100;

  private final PrintStream out;
  private final boolean terminal;
  private final int columns;
  private final AtomicReference<String> putLine = new AtomicReference<>("");
  private final AtomicReference<String> processedLine = new AtomicReference<>("");
  private final ProgressBar put;
  private final ProgressBar processed;
  private int blockLines;
  private Duration plainDue = Duration.ZERO;

  /**
   * A screen.
   *
   * @param terminal whether {@code out} understands cursor movements
   * @param columns its width
   * @param records how many there will be
   */
  Screen(PrintStream out, boolean terminal, int columns, long records) {
    this.out = out;
    this.terminal = terminal;
    this.columns = columns;
    this.put = bar("put", records, putLine);
    this.processed = bar("processed", records, processedLine);
  }

  private ProgressBar bar(String name, long records, AtomicReference<String> line) {
    return new ProgressBarBuilder()
        .setTaskName("%-9s".formatted(name))
        .setInitialMax(records)
        .setStyle(ProgressBarStyle.ASCII)
        .hideEta()
        .setUpdateIntervalMillis(200)
        .setConsumer(new DelegatingProgressBarConsumer(line::set, Math.min(WIDTH_MAX, columns - 1)))
        .build();
  }

  /** Something happened. */
  void event(Duration elapsed, String what) {
    erase();
    out.printf(Locale.ROOT, "%6.1f s  %s%n", elapsed.toMillis() / 1e3, what);
    out.flush();
  }

  /** How far it is; {@code workers} by name, each with what it does. */
  void progress(
      Duration elapsed, long recordsPut, long recordsProcessed, Map<String, String> workers) {
    put.stepTo(recordsPut);
    processed.stepTo(recordsProcessed);
    if (terminal) {
      draw(workers);
    } else if (elapsed.compareTo(plainDue) >= 0) {
      plainDue = elapsed.plus(PLAIN_EVERY);
      event(elapsed, plain(recordsPut, recordsProcessed, workers));
    }
  }

  private static String plain(long recordsPut, long recordsProcessed, Map<String, String> workers) {
    StringBuilder line =
        new StringBuilder("%d put, %d processed".formatted(recordsPut, recordsProcessed));
    workers.forEach(
        (worker, does) -> line.append("; ").append(worker).append(": ").append(does));
    return line.toString();
  }

  private void draw(Map<String, String> workers) {
    List<String> lines = new ArrayList<>(List.of(putLine.get(), processedLine.get()));
    workers.forEach((worker, does) -> lines.add("  worker " + worker + "  " + does));
    erase();
    for (String line : lines) {
      out.println(line.substring(0, Math.min(line.length(), columns - 1)));
    }
    out.flush();
    blockLines = lines.size();
  }

  /** Moves to where the block began and clears from there to the end of the screen. */
  private void erase() {
    if (blockLines > 0) {
      out.print("\033[" + blockLines + "F\033[J");
      blockLines = 0;
    }
  }

  /** Leaves the events. */
  @Override
  public void close() {
    put.close();
    processed.close();
    erase();
    out.flush();
  }
}
