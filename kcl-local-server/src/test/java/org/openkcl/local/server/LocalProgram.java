package org.openkcl.local.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openkcl.local.LocalCloud;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/** The program in a process of its own, read until it is ready or has ended. */
final class LocalProgram implements AutoCloseable {
  private static final List<String> FREE_PORTS =
      List.of("--kinesis-port=0", "--dynamodb-port=0", "--cloudwatch-port=0");

  private final Process process;
  private final BufferedReader lines;
  private final String banner;

  private LocalProgram(Process process) throws IOException {
    this.process = process;
    this.lines = process.inputReader(UTF_8);
    this.banner = read("Ready.");
  }

  /** On free ports, unless the options have a port for Kinesis. */
  static LocalProgram start(String... options) throws IOException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx256m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        LocalMain.class.getName()));
    if (List.of(options).stream().noneMatch(option -> option.startsWith("--kinesis-port"))) {
      command.addAll(FREE_PORTS);
    }
    command.addAll(List.of(options));
    return new LocalProgram(
        new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  private String read(String last) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      text.append(line).append('\n');
      if (line.equals(last)) {
        break;
      }
    }
    return text.toString();
  }

  String banner() {
    return banner;
  }

  /** What it printed after that. */
  String rest() throws IOException {
    return read("");
  }

  String endpoint(String service) {
    Matcher line =
        Pattern.compile("^" + service + " +(\\S+)", Pattern.MULTILINE).matcher(banner);
    assertThat(line.find()).as("%s in %s", service, banner).isTrue();
    return line.group(1);
  }

  KinesisAsyncClient kinesis() {
    return KinesisAsyncClient.builder()
        .applyMutation(LocalCloud.clientsFor(
            URI.create(endpoint("Kinesis")), URI.create(endpoint("DynamoDB")))::accept)
        .build();
  }

  DynamoDbAsyncClient dynamoDb() {
    return DynamoDbAsyncClient.builder()
        .applyMutation(LocalCloud.clientsFor(
            URI.create(endpoint("Kinesis")), URI.create(endpoint("DynamoDB")))::accept)
        .build();
  }

  void terminate() {
    process.toHandle().destroy();
  }

  int awaitExit() throws InterruptedException {
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
