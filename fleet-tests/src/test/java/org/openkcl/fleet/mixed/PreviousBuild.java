package org.openkcl.fleet.mixed;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An earlier commit's library, compiled from the repository into {@code target/previous/COMMIT} with
 * today's dependencies, so that its workers can run beside today's.
 */
final class PreviousBuild {
  private static final List<String> MODULES = List.of("kcl-leases", "kcl-core", "kcl-local");

  private final String commit;
  private final Path folder;

  /** @param commit anything that git understands */
  PreviousBuild(String commit) {
    this.commit = commit;
    this.folder = Path.of("target", "previous", commit.replaceAll("[^A-Za-z0-9.]", "_"));
  }

  /** The class path of a worker of that commit; compiles it when that was not done before. */
  String classPath() {
    Path classes = folder.resolve("classes");
    try {
      if (!Files.exists(folder.resolve("done"))) {
        build(classes);
        Files.createFile(folder.resolve("done"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Commit " + commit + " cannot be built", e);
    }
    return classes.toAbsolutePath() + File.pathSeparator + rest();
  }

  /** Today's class path without the modules that are compiled from the commit. */
  private static String rest() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> MODULES.stream().noneMatch(module -> entry.contains("/" + module)))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private void build(Path classes) throws IOException {
    Files.createDirectories(classes);
    List<String> paths = MODULES.stream().map(module -> module + "/src/main").toList();
    Path sources = Files.createDirectories(folder.resolve("sources"));
    Path tar = folder.resolve("sources.tar").toAbsolutePath();
    List<String> archive = new ArrayList<>(
        List.of("git", "-C", Library.root().toString(), "archive", "--output=" + tar, commit));
    archive.addAll(paths);
    run(archive);
    run(List.of("tar", "-xf", tar.toString(), "-C", sources.toString()));
    List<String> compile = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "javac").toString(),
        "-nowarn",
        "-proc:none",
        "-parameters",
        "-d",
        classes.toString(),
        "-cp",
        rest()));
    try (Stream<Path> files = Files.walk(sources)) {
      files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(compile::add);
    }
    run(compile);
    for (String module : MODULES) {
      Path resources = sources.resolve(module).resolve("src/main/resources");
      if (Files.isDirectory(resources)) {
        run(List.of("cp", "-r", resources + "/.", classes.toString()));
      }
    }
  }

  private static void run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    int code = process.onExit().join().exitValue();
    if (code != 0) {
      throw new IOException(command.get(0) + " " + command.get(1) + " ended with " + code);
    }
  }
}
