package org.openkcl.samples.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a run's ledgers and logs.
 *
 * @param temporary whether it goes when nobody needs it
 */
record WorkDir(Path path, boolean temporary) {

  /**
   * Prepares it.
   *
   * @param wanted the directory to use; without one, a new temporary one
   * @throws IOException if {@code wanted} has something in it, or cannot be made
   */
  static WorkDir prepare(@Nullable Path wanted, String temporaryName) throws IOException {
    if (wanted == null) {
      return new WorkDir(Files.createTempDirectory(temporaryName), true);
    }
    Files.createDirectories(wanted);
    try (Stream<Path> files = Files.list(wanted)) {
      if (files.findAny().isPresent()) {
        throw new IOException("--work-dir must be empty: " + wanted + " is not");
      }
    }
    return new WorkDir(wanted.toAbsolutePath(), false);
  }

  /** Sends this JVM's log there. */
  void takeLog(boolean verbose) {
    System.setProperty("demo.log", path.resolve("demo.log").toString());
    System.setProperty("demo.level", verbose ? "DEBUG" : "INFO");
  }

  /** Deletes it if it is temporary and not to be kept; else says where it is. */
  void leave(boolean keep) throws IOException {
    if (!temporary || keep) {
      System.err.println("Ledgers and logs are in " + path);
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
