package org.openkcl.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** kinesalite 3.3.3, the local Kinesis of the Node world, installed by npm below {@code target}. */
final class Kinesalite {
  private static final String VERSION = "3.3.3";
  private static final String SERVER =
      "const server = require('kinesalite')({createStreamMs: 10, shardLimit: 1000});"
          + "server.listen(0, '127.0.0.1', () =>"
          + " console.log('http://127.0.0.1:' + server.address().port));"
          + "process.stdin.resume().on('end', () => process.exit(0));";

  private final Path folder;

  private Kinesalite(Path folder) {
    this.folder = folder;
  }

  /** Installs it where it is not yet; empty where npm is missing or cannot fetch it. */
  static Optional<Kinesalite> install(Path target) throws InterruptedException {
    Path folder = target.resolve("kinesalite");
    try {
      if (!Files.exists(folder.resolve("node_modules/kinesalite/package.json"))) {
        Files.createDirectories(folder);
        Process npm = new ProcessBuilder(
                "npm",
                "install",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--omit=optional",
                "--prefix",
                folder.toString(),
                "kinesalite@" + VERSION)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("npm.log").toFile())
            .start();
        if (!npm.waitFor(3, TimeUnit.MINUTES) || npm.exitValue() != 0) {
          npm.destroy();
          return Optional.empty();
        }
      }
      return Optional.of(new Kinesalite(folder));
    } catch (IOException noNpm) {
      return Optional.empty();
    }
  }

  /** Starts it on loopback; it prints its endpoint and ends when its input does. */
  Process start() throws IOException {
    ProcessBuilder node = new ProcessBuilder(List.of("node", "-e", SERVER))
        .directory(folder.toFile())
        .redirectError(folder.resolve("server.log").toFile());
    return node.start();
  }

  /** The first line of a service's output: its endpoint. */
  static String endpointOf(Process service) throws IOException {
    String endpoint = service.inputReader(UTF_8).readLine();
    if (endpoint == null) {
      throw new IOException("The service ended before it listened");
    }
    return endpoint;
  }
}
