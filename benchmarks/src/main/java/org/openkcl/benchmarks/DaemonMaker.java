package org.openkcl.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Whose daemon for processors in other languages. Both have the same main class. */
enum DaemonMaker {
  OPENKCL,
  AMAZON;

  static final String MAIN = "software.amazon.kinesis.multilang.MultiLangDaemon";
  private static final String PEER = "peers/amazon-multilang-3.1.3/target/class-path";

  String classPath() {
    if (this == OPENKCL) {
      return System.getProperty("java.class.path");
    }
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
