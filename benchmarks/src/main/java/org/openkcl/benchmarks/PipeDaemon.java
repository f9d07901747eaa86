package org.openkcl.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openkcl.local.LocalCloud;

/**
 * A daemon for processors in other languages, in a JVM of its own: either OpenKCL's or Amazon's,
 * with the same JVM options, the same properties file and the same children. Closing it, or the end
 * of this JVM, kills it; its children end with their input.
 */
final class PipeDaemon implements AutoCloseable {
  private static final String HEAP = "-Xmx1g";

  private final Process process;
  private final PipeChild child;
  private final Path ledger;
  private final Thread atExit = new Thread(this::kill, "kill-daemon");

  private PipeDaemon(Process process, PipeChild child, Path ledger) {
    this.process = process;
    this.child = child;
    this.ledger = ledger;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * Starts one for a stream, with an application of the same name.
   *
   * @param folder where it runs; what it logs is left there
   */
  static PipeDaemon start(
      DaemonMaker maker, PipeChild child, LocalCloud cloud, String stream, Path folder) {
    try {
      Path ledger = Files.createTempDirectory("pipe-ledger");
      Path properties = folder.resolve(stream + ".properties");
      Files.write(properties, properties(child.command(folder), cloud, stream));
      PipeChild.copyResource("multilang/quiet-logback.xml", folder.resolve("quiet-logback.xml"));
      ProcessBuilder builder = new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              HEAP,
              "-cp",
              maker.classPath(),
              DaemonMaker.MAIN,
              "--log-configuration",
              "quiet-logback.xml",
              "--properties-file",
              properties.getFileName().toString())
          .directory(folder.toFile())
          .redirectErrorStream(true)
          .redirectOutput(folder.resolve(stream + ".log").toFile());
      PipeChild.LEDGERS.forEach(name -> builder.environment().put(name, ledger.toString()));
      builder.environment().put("AWS_ACCESS_KEY_ID", "local");
      builder.environment().put("AWS_SECRET_ACCESS_KEY", "local");
      return new PipeDaemon(builder.start(), child, ledger);
    } catch (IOException failure) {
      throw new UncheckedIOException("The daemon cannot be started", failure);
    }
  }

  /** Amazon's ignores the keys that it does not know; OpenKCL's has no use for the interval. */
  private static List<String> properties(String command, LocalCloud cloud, String stream) {
    return List.of(
        "executableName = " + command,
        "applicationName = " + stream,
        "streamName = " + stream,
        "initialPositionInStream = TRIM_HORIZON",
        "regionName = us-east-1",
        "AwsCredentialsProvider = EnvironmentVariableCredentialsProvider",
        "kinesisEndpoint = " + cloud.kinesisEndpoint(),
        "dynamoDBEndpoint = " + cloud.dynamoDbEndpoint(),
        "retrievalMode = POLLING",
        "maxRecords = 10000",
        "idleTimeBetweenReadsInMillis = 200",
        "metricsLevel = NONE",
        "shardSyncIntervalMillis = 1000", // spares Amazon's a minute's sleep at its start
        "readsPerSecondMax = 1000000",
        "readBytesPerSecondMax = 1000000000000");
  }

  /** How many records the children have been given and have answered. */
  long records() {
    long records = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(ledger)) {
      for (Path file : files) {
        records += child.records(Files.size(file));
      }
      return records;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Processor time of the daemon, without its children. */
  double cpuSeconds() {
    return process.info().totalCpuDuration().map(cpu -> cpu.toNanos() / 1e9).orElse(Double.NaN);
  }

  /** The most memory that the daemon has had resident, without its children; NaN if unknown. */
  double peakMebibytes() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException notLinux) {
      return Double.NaN;
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  private void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.toHandle().destroyForcibly();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
    process.waitFor(1, TimeUnit.MINUTES);
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException shuttingDown) {
      // The hook does the same.
    }
  }
}
