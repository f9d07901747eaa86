package org.openkcl.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.openkcl.benchmarks.probe.WorkerOption;
import org.openkcl.benchmarks.probe.WorkerOptions;

/** Whose workers are measured, and how one is started. */
enum Library {
  OPENKCL("openkcl-worker", "org.openkcl.benchmarks.worker.OpenKclWorkerMain"),
  /** Amazon KCL 3.5.1 with its own defaults, but for what both are given. */
  AMAZON("amazon-worker", "org.openkcl.benchmarks.amazon.AmazonWorkerMain"),
  /** The same with the settings of {@code Tuning} in its module. */
  AMAZON_TUNED("amazon-worker", "org.openkcl.benchmarks.amazon.AmazonWorkerMain");

  private final String module;
  private final String main;

  Library(String module, String main) {
    this.module = module;
    this.main = main;
  }

  /** The class that a worker process runs. */
  String mainClass() {
    return main;
  }

  /** What a worker process runs with: the library, what it needs, and the probe. */
  String classPath() {
    Path built = target();
    Path listed = built.resolve("class-path");
    try {
      return built.resolve("classes") + File.pathSeparator + Files.readString(listed);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The worker's class path cannot be read; benchmarks/run builds it: " + listed, e);
    }
  }

  /** What this choice adds to a worker's options. */
  WorkerOptions configure(WorkerOptions options) {
    return this == AMAZON_TUNED ? options.with(WorkerOption.TUNED, true) : options;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private Path target() {
    return Path.of(System.getProperty("openkcl.target", "benchmarks/target"))
        .resolveSibling(module)
        .resolve("target");
  }
}
