package org.openkcl.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.NoSuchElementException;

/**
 * Whose daemon for processors in other languages. Both have the same main class, and run as they are
 * shipped.
 */
enum DaemonMaker {
  OPENKCL,
  AMAZON;

  static final String MAIN = "software.amazon.kinesis.multilang.MultiLangDaemon";
  private static final String PEER = "peers/amazon-multilang-3.1.3/target/class-path";

  /** OpenKCL's is one jar, Amazon's are many. */
  String classPath() {
    Path root = Path.of(System.getProperty("openkcl.root", "."));
    return this == OPENKCL ? selfContained(root) : peer(root);
  }

  private static String selfContained(Path root) {
    Path folder = root.resolve("kcl-multilang/target").toAbsolutePath();
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "kcl-multilang-*-all.jar")) {
      return jars.iterator().next().toString();
    } catch (IOException | NoSuchElementException missing) {
      throw new IllegalStateException(
          "OpenKCL's daemon is not in " + folder + ": run mvn -B package", missing);
    }
  }

  private static String peer(Path root) {
    try {
      return Files.readString(root.resolve(PEER)).trim();
    } catch (IOException missing) {
      throw new UncheckedIOException(
          "Amazon's daemon is not built: run mvn -B package -f peers", missing);
    }
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
