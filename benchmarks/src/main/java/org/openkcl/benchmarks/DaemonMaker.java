package org.openkcl.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

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
    return this == OPENKCL ? selfContained() : peer();
  }

  /** The jar that was built together with the one that this program uses. */
  private static String selfContained() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(jar -> jar.getFileName().toString().startsWith("kcl-multilang-"))
        .map(jar -> jar.toString().replaceAll("[.]jar$", "-all.jar"))
        .filter(jar -> Files.isRegularFile(Path.of(jar)))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(
            "OpenKCL's daemon is not built: run mvn -B package, and this from the jars"));
  }

  private static String peer() {
    try {
      return Files.readString(Path.of(System.getProperty("openkcl.root", "."), PEER))
          .trim();
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
