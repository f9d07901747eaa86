package org.openkcl.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What daemons start for each shard in a comparison. Each child appends to a file of its own, in the
 * folder that its environment names, what tells how many records it was given.
 */
enum PipeChild {
  /** Python that looks into nothing and answers: one byte a record. */
  ECHO,
  /** The sample on Amazon's package for Node.js: a line a record, and a checkpoint a batch. */
  NODE;

  private static final List<String> NODE_FILES =
      List.of("package.json", "package-lock.json", "flights_per_airport.js");

  /** A number of kcl-local's streams, a comma, an airport and the line's end. */
  private static final int NODE_LINE_BYTES = 56 + 1 + 3 + 1;

  /** Where children write, and whose file names end so. */
  static final List<String> LEDGERS = List.of("OPENKCL_LEDGER", "FLIGHTS_LEDGER");

  /** How many records a ledger of that size tells of. */
  long records(long bytes) {
    return this == ECHO ? bytes : bytes / NODE_LINE_BYTES;
  }

  /** The command line, for a daemon that runs in {@code folder}; what it needs is put there. */
  String command(Path folder) {
    if (this == ECHO) {
      copyResource("multilang/echo.py", folder.resolve("echo.py"));
      return "python3 -S echo.py";
    }
    install(folder);
    return "node flights_per_airport.js";
  }

  /** Copies a file out of this program. */
  static void copyResource(String name, Path to) {
    try (InputStream from =
        Objects.requireNonNull(PipeChild.class.getClassLoader().getResourceAsStream(name))) {
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new UncheckedIOException(name + " cannot be copied to " + to, failure);
    }
  }

  private static void install(Path folder) {
    Path sample = Path.of(System.getProperty("openkcl.root", "."), "samples", "node-processor");
    try {
      for (String file : NODE_FILES) {
        Files.copy(sample.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      }
      if (Files.exists(folder.resolve("node_modules/aws-kcl"))) {
        return;
      }
      Process npm = new ProcessBuilder(
              "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline")
          .directory(folder.toFile())
          .redirectErrorStream(true)
          .redirectOutput(folder.resolve("npm.log").toFile())
          .start();
      if (npm.waitFor() != 0) {
        throw new IllegalStateException("npm ci failed: see " + folder.resolve("npm.log"));
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("The Node.js child cannot be installed", failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while npm ran", interrupted);
    }
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
