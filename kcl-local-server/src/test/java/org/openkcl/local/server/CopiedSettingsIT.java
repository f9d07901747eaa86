package org.openkcl.local.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/**
 * What the program prints to copy, really run: by the AWS CLI, by boto3 and by the AWS SDK for
 * JavaScript. None of them is needed to build; what is missing is skipped, with a line that says so.
 */
class CopiedSettingsIT {
  /** Installed there by the tests of kcl-local. */
  private static final Path NODE = Path.of("../kcl-local/target/node");

  @TempDir
  @SuppressWarnings("NullAway.Init")
  static Path temporary;

  private static LocalProgram program;

  @BeforeAll
  static void start() throws IOException {
    program = LocalProgram.start("--stream=orders:2", "--tls=" + temporary.resolve("kinesis.pem"));
  }

  @AfterAll
  static void stop() {
    program.close();
  }

  @Test
  void runsTheAwsCli() throws Exception {
    assumeWorks("the AWS CLI", "aws", "--version");
    String command = lineAfter("AWS CLI");
    assertThat(run(Map.of(), "sh", "-c", command)).contains("\"orders\"");
    assertThat(run(trusting("AWS_CA_BUNDLE"), "sh", "-c", overTls(command))).contains("\"orders\"");
  }

  /** Endpoints in the environment are known to the AWS CLI since 1.29.0 and 2.13.0. */
  @Test
  void runsTheAwsCliByTheEnvironment() throws Exception {
    String version = assumeWorks("the AWS CLI", "aws", "--version");
    assumeTrue(!version.matches("(?s)aws-cli/(1\\.[12]?\\d|2\\.\\d|2\\.1[0-2])\\..*"), version);
    String exports = lineAfter("For the AWS CLI and any recent SDK, in a shell:")
        + "\n"
        + lineAfter("  export AWS_ACCESS_KEY_ID");
    assertThat(run(Map.of(), "sh", "-c", exports + "\naws kinesis list-streams"))
        .contains("\"orders\"");
    assertThat(run(Map.of(), "sh", "-c", exports + "\naws dynamodb list-tables"))
        .contains("TableNames");
    assertThat(run(Map.of(), "sh", "-c", exports + "\naws cloudwatch list-metrics"))
        .contains("Metrics");
  }

  @Test
  void runsBoto3() throws Exception {
    assumeWorks("boto3", "python3", "-c", "import boto3");
    String client = lineAfter("Python");
    assertThat(python(Map.of(), client, "from-python")).contains("done with boto3");
    assertThat(python(trusting("AWS_CA_BUNDLE"), overTls(client), "from-python-over-tls"))
        .contains("done with boto3");
  }

  @Test
  void runsTheSdkForJava() {
    String endpoint = program.endpoint("Kinesis");
    assertThat(lineAfter("  Scheduler.builder()"))
        .isEqualTo("KinesisAsyncClient.builder().endpointOverride(URI.create(\""
            + endpoint
            + "\")).region(Region.US_EAST_1)"
            + ".credentialsProvider(AnonymousCredentialsProvider.create()) ...");
    try (KinesisAsyncClient kinesis = KinesisAsyncClient.builder()
        .endpointOverride(URI.create(endpoint))
        .region(Region.US_EAST_1)
        .credentialsProvider(AnonymousCredentialsProvider.create())
        .build()) {
      assertThat(kinesis.listStreams().join().streamNames()).contains("orders");
    }
  }

  @Test
  void runsTheSdkForJavaScript() throws Exception {
    assumeTrue(
        Files.isDirectory(NODE.resolve("node_modules")), "the SDK for JavaScript is installed");
    assumeWorks("node", "node", "--version");
    String client = lineAfter("Node");
    assertThat(node(Map.of(), client)).contains("orders");
    assertThat(node(trusting("NODE_EXTRA_CA_CERTS"), overTls(client))).contains("orders");
  }

  private static String python(Map<String, String> environment, String client, String stream)
      throws Exception {
    String script = Path.of("src/test/python/kinesis.py").toAbsolutePath().toString();
    return run(environment, "python3", script, client, stream);
  }

  private static String node(Map<String, String> environment, String client) throws Exception {
    String script = "import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';"
        + "const kinesis = "
        + client
        + "; console.log((await kinesis.send(new ListStreamsCommand({}))).StreamNames);"
        + "kinesis.destroy();";
    return run(environment, "node", "--input-type=module", "-e", script);
  }

  private static Map<String, String> trusting(String variable) {
    return Map.of(variable, temporary.resolve("kinesis.pem").toString());
  }

  private static String overTls(String line) {
    String endpoint = program.endpoint("Kinesis");
    assertThat(line).contains(endpoint);
    return line.replace(endpoint, program.endpoint("With TLS").replace(",", ""));
  }

  private static String lineAfter(String beginning) {
    List<String> lines = program.banner().lines().toList();
    for (int i = 0; i + 1 < lines.size(); i++) {
      if (lines.get(i).startsWith(beginning)) {
        return lines.get(i + 1).strip();
      }
    }
    throw new AssertionError(beginning + " is not in " + program.banner());
  }

  /** Skips the test unless the command works; returns what it printed. */
  private static String assumeWorks(String what, String... command) throws Exception {
    Ended ended;
    try {
      ended = end(Map.of(), command);
    } catch (IOException notThere) {
      ended = new Ended(127, notThere.toString());
    }
    if (ended.status() != 0) {
      System.out.println("CopiedSettingsIT goes without " + what + ", which is not installed");
    }
    assumeTrue(ended.status() == 0, what + " is installed");
    return ended.output();
  }

  private static String run(Map<String, String> environment, String... command) throws Exception {
    Ended ended = end(environment, command);
    assertThat(ended.status()).as("%s: %s", List.of(command), ended.output()).isZero();
    return ended.output();
  }

  private record Ended(int status, String output) {}

  /** Runs with no setting of AWS's but these, neither from the environment nor from files. */
  private static Ended end(Map<String, String> environment, String... command) throws Exception {
    Path output = Files.createTempFile(temporary, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    if (command[0].equals("node") && Files.isDirectory(NODE)) {
      builder.directory(NODE.toFile());
    }
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder.environment().put("AWS_CONFIG_FILE", temporary.resolve("none").toString());
    builder
        .environment()
        .put("AWS_SHARED_CREDENTIALS_FILE", temporary.resolve("none").toString());
    builder.environment().put("AWS_EC2_METADATA_DISABLED", "true");
    builder.environment().put("AWS_PAGER", "");
    builder.environment().putAll(environment);
    Process process = builder.start();
    boolean inTime = process.waitFor(3, TimeUnit.MINUTES);
    process.destroyForcibly();
    String printed = Files.readString(output);
    assertThat(inTime).as("%s is still running: %s", List.of(command), printed).isTrue();
    return new Ended(process.exitValue(), printed);
  }
}
