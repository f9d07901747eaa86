package org.openkcl.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.openkcl.local.model.ServiceDelays;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;

/** A cloud with a data folder in a JVM of its own, which ends when its standard input does. */
final class CloudProcess implements AutoCloseable {
  private final Process process;
  private final URI kinesis;
  private final URI dynamoDb;

  private CloudProcess(Process process, URI kinesis, URI dynamoDb) {
    this.process = process;
    this.kinesis = kinesis;
    this.dynamoDb = dynamoDb;
  }

  /** The other end: arguments are the folder, and how many milliseconds a reshard takes. */
  public static void main(String[] args) throws IOException {
    Duration none = Duration.ZERO;
    Duration reshard = Duration.ofMillis(Long.parseLong(args[1]));
    LocalCloud cloud = LocalCloud.builder()
        .dataFolder(Path.of(args[0]))
        .delays(new ServiceDelays(none, none, reshard, none, none, none))
        .start();
    System.out.println(cloud.kinesisEndpoint() + " " + cloud.dynamoDbEndpoint());
    while (System.in.read() >= 0) {
      // Only its end matters.
    }
    Runtime.getRuntime().halt(1);
  }

  static CloudProcess start(Path folder) throws IOException {
    return start(folder, Duration.ZERO);
  }

  static CloudProcess start(Path folder, Duration reshard) throws IOException {
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            CloudProcess.class.getName(),
            folder.toString(),
            Long.toString(reshard.toMillis()))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      String[] endpoints = line.split(" ");
      if (endpoints.length == 2 && endpoints[0].startsWith("http://")) {
        return new CloudProcess(process, URI.create(endpoints[0]), URI.create(endpoints[1]));
      }
    }
    throw new IllegalStateException("The cloud's process ended before it had started");
  }

  Consumer<AwsClientBuilder<?, ?>> clients() {
    return LocalCloud.clientsFor(kinesis, dynamoDb);
  }

  /** SIGKILL; returns once it is dead. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
