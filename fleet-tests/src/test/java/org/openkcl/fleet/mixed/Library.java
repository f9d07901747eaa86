package org.openkcl.fleet.mixed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Whose worker a process is. */
enum Library {
  OPENKCL("OpenKCL"),
  /** OpenKCL of the commit that {@code -Dopenkcl.previous} names. */
  PREVIOUS("OpenKCL of " + System.getProperty("openkcl.previous")),
  AMAZON_2_7_2("2.7.2"),
  AMAZON_3_4_2("3.4.2"),
  AMAZON_3_5_1("3.5.1");

  private final String version;

  Library(String version) {
    this.version = version;
  }

  String version() {
    return version;
  }

  /** Whether a leader assigns the leases, as Amazon's do from 3.0 on. */
  boolean hasLeader() {
    return this == AMAZON_3_4_2 || this == AMAZON_3_5_1;
  }

  private boolean isOurs() {
    return this == OPENKCL || this == PREVIOUS;
  }

  /** Class path and main class to start a worker with. */
  List<String> program() {
    if (isOurs()) {
      String classPath = this == OPENKCL
          ? System.getProperty("java.class.path")
          : new PreviousBuild(System.getProperty("openkcl.previous")).classPath();
      return List.of(
          "-Dopenkcl.log=" + System.getProperty("openkcl.workerlog", "INFO"),
          "-cp",
          classPath,
          OpenKclWorker.class.getName());
    }
    return amazonsProgram();
  }

  private List<String> amazonsProgram() {
    Path target = root().resolve("peers/amazon-kcl-" + version + "/target");
    try {
      String libraries = Files.readString(target.resolve("class-path")).trim();
      return List.of(
          "-Dorg.slf4j.simpleLogger.defaultLogLevel="
              + System.getProperty("openkcl.peerlog", "warn").toLowerCase(Locale.ROOT),
          "-Dorg.slf4j.simpleLogger.showDateTime=true",
          "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
          "-cp",
          target.resolve("classes") + ":" + libraries,
          "org.openkcl.peers.PeerMain");
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The peer of Amazon's " + version + " is not built: run mvn -B package -f peers", e);
    }
  }

  /** The options of one worker, as {@link #program} wants them. */
  List<String> options(Pace pace) {
    List<String> options = new ArrayList<>();
    if (isOurs()) {
      options.add("--failover-millis=" + pace.failover().toMillis());
      options.add("--idle-millis=" + pace.idle().toMillis());
    } else {
      pace.settingsOf(this).forEach((name, value) -> options.add("--set=" + name + "=" + value));
    }
    return options;
  }

  /** The source tree that this runs in. */
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isRegularFile(folder.resolve("kcl"))) {
      Path parent = folder.getParent();
      if (parent == null) {
        throw new IllegalStateException("Run this inside the source tree: there is no kcl above "
            + Path.of("").toAbsolutePath());
      }
      folder = parent;
    }
    return folder;
  }
}
