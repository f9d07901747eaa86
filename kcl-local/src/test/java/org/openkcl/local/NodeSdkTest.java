package org.openkcl.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The AWS SDK for JavaScript v3 on Node: {@code src/test/node}, installed into {@code target/node}.
 * Where there is no Node, or {@code -Dopenkcl.node=skip} says so, it is skipped; with {@code
 * -Dopenkcl.node=required} it must run.
 */
final class NodeSdkTest {
  private static final String WANTED = System.getProperty("openkcl.node", "");
  private static final Path SOURCES = Path.of("src/test/node");
  private static final Path INSTALLED = Path.of("target/node");
  private static final List<String> FILES =
      List.of("package.json", "package-lock.json", "kinesis.mjs");
  private static LocalCloud cloud;

  @BeforeAll
  static void install() throws Exception {
    boolean present = onPath("node") && onPath("npm");
    if (!present || WANTED.equals("skip")) {
      System.out.println(
          "NodeSdkTest is skipped: " + (present ? "-Dopenkcl.node=skip" : "no node"));
      assertThat(WANTED).as("node and npm are not on the PATH").isNotEqualTo("required");
    }
    assumeTrue(present && !WANTED.equals("skip"), "node and npm on the PATH");
    cloud = LocalCloud.builder().tls().start();
    Files.createDirectories(INSTALLED);
    boolean same = Files.exists(INSTALLED.resolve("node_modules"));
    for (String file : FILES) {
      Path installed = INSTALLED.resolve(file);
      if (!file.equals("kinesis.mjs") && !isSame(SOURCES.resolve(file), installed)) {
        same = false;
      }
      Files.copy(SOURCES.resolve(file), installed, StandardCopyOption.REPLACE_EXISTING);
    }
    if (!same) {
      run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline");
    }
    Files.writeString(INSTALLED.resolve("certificate.pem"), cloud.certificatePem());
  }

  private static boolean isSame(Path source, Path installed) throws IOException {
    return Files.exists(installed) && Files.mismatch(source, installed) < 0;
  }

  @AfterAll
  static void stop() {
    if (cloud != null) {
      cloud.close();
    }
  }

  @Test
  void putsReadsAndSubscribesOverHttp2() throws Exception {
    assertWorks(cloud.kinesisEndpoint(), "from-node");
  }

  @Test
  void putsReadsAndSubscribesOverTls() throws Exception {
    assertWorks(cloud.kinesisTlsEndpoint(), "from-node-over-tls");
  }

  private static void assertWorks(URI endpoint, String stream) throws Exception {
    String output = run("node", "kinesis.mjs", endpoint.toString(), stream);
    assertThat(output).contains("put and read", "subscribed to the end of the shard", "done");
  }

  private static boolean onPath(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Path log = INSTALLED.resolve(command[0] + ".log").toAbsolutePath();
    ProcessBuilder builder = new ProcessBuilder(command)
        .directory(INSTALLED.toFile())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile());
    builder.environment().put("NODE_EXTRA_CA_CERTS", "certificate.pem");
    Process process = builder.start();
    boolean ended = process.waitFor(4, TimeUnit.MINUTES);
    process.destroyForcibly();
    String output = Files.readString(log);
    assertThat(ended)
        .as("%s, still running; so far: %s", List.of(command), output)
        .isTrue();
    assertThat(process.exitValue())
        .as("%s (without a network: -Dopenkcl.node=skip): %s", List.of(command), output)
        .isZero();
    return output;
  }
}
