package org.openkcl.multilang.conformance;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.openkcl.environment.Environment;

/**
 * Lines on their way from the thread that reads them to the one that waits for them: a list whose
 * next cell is a promise. One thread adds, one takes.
 */
final class OutputLines {

  /**
   * A line, or the end of the output.
   *
   * @param text empty at the end
   */
  record Line(String text, boolean isEnd) {}

  private record Cell(Line line, CompletableFuture<Cell> next) {}

  private final Environment environment;
  private CompletableFuture<Cell> last = new CompletableFuture<>();
  private CompletableFuture<Cell> first = last;

  OutputLines(Environment environment) {
    this.environment = environment;
  }

  void add(String text) {
    add(new Line(text, false));
  }

  void addEnd() {
    add(new Line("", true));
  }

  private void add(Line line) {
    CompletableFuture<Cell> promise = last;
    last = new CompletableFuture<>();
    promise.complete(new Cell(line, last));
  }

  /** Takes the next line; empty when none comes in that time. */
  Optional<Line> take(Duration patience) throws InterruptedException {
    try {
      Cell cell = environment.await(first, patience);
      first = cell.next();
      return Optional.of(cell.line());
    } catch (TimeoutException nothing) {
      return Optional.empty();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
