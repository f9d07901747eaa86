package org.openkcl.multilang.child;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openkcl.multilang.protocol.ChildLine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What children want to have logged: lines with levels, and their standard error. */
final class ChildLog {
  private static final Logger lines = LoggerFactory.getLogger("org.openkcl.multilang.child.log");
  private static final Logger errors =
      LoggerFactory.getLogger("org.openkcl.multilang.child.stderr");
  private static final int LINE_BYTES_MAX = 16 * 1024;

  private ChildLog() {}

  /**
   * Logs a line with its level and shard.
   *
   * @param child who said it, if it names no shard
   */
  static void write(ChildLine.Log line, String child) {
    String about = line.shardId() == null ? child : line.shardId();
    lines
        .atLevel(level(line.level()))
        .addKeyValue("event", "child.said")
        .log("[{}] {}", about, line.message());
  }

  private static Level level(ChildLine.Log.Level level) {
    return switch (level) {
      case TRACE -> Level.TRACE;
      case DEBUG -> Level.DEBUG;
      case INFO -> Level.INFO;
      case WARN -> Level.WARN;
      case ERROR -> Level.ERROR;
    };
  }

  /** Logs a child's standard error to its end. */
  static void copyErrors(InputStream from, Supplier<String> child) {
    try (from) {
      BoundedLines bounded = new BoundedLines(from, LINE_BYTES_MAX);
      for (BoundedLines.@Nullable Line line = bounded.read(); line != null; line = bounded.read()) {
        if (!line.text().isBlank()) {
          errors
              .atInfo()
              .addKeyValue("event", "child.wrote-error")
              .log("[{}] {}", child.get(), line.text());
        }
      }
    } catch (IOException closed) {
      errors.debug("The standard error of {} ended", child.get(), closed);
    }
  }
}
