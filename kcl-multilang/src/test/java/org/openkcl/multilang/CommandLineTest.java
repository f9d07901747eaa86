package org.openkcl.multilang;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandLineTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir
  private Path folder;

  @Test
  void checkTellsWhatIsInEffectAndWhatIsNotAndKeepsSecrets() throws IOException {
    Path file = write("""
        executableName = no-such-program-anywhere
        applicationName = delays
        streamName = flights
        regionName = eu-west-1
        AwsCredentialsProvider = ProfileCredentialsProvider|secret
        maxLeaseRenewalThreads = 40
        """);
    assertThat(execute("check", file.toString())).isZero();
    assertThat(out.toString())
        .contains("applicationName = delays (line 2)")
        .contains("Without effect here:")
        .contains("maxLeaseRenewalThreads (line 6): renewals need no threads")
        .contains("'no-such-program-anywhere' is not found")
        .contains("ProfileCredentialsProvider|... (line 5)")
        .doesNotContain("|secret");
  }

  @Test
  void keysOfPollingDoNotHinderFanOut() throws IOException {
    Path file = write("""
        executableName = cat
        applicationName = delays
        streamName = flights
        regionName = eu-west-1
        retrievalMode = FANOUT
        idleTimeBetweenReadsInMillis = 250
        maxRecords = 100
        """);
    assertThat(execute("check", file.toString())).as("%s%s", out, err).isZero();
  }

  @Test
  void checkTellsEverythingThatIsWrong() throws IOException {
    Path file = write("applicationName = delays\nAwsCredentialsProvider = NoSuchProvider\n");
    assertThat(execute("check", file.toString())).isEqualTo(1);
    assertThat(out.toString())
        .contains("executableName must be set")
        .contains("streamName or streamArn must be set")
        .contains("line 2: AwsCredentialsProvider: there is no credentials provider"
            + " 'NoSuchProvider'");
  }

  @Test
  void aMissingFileAndAWrongOptionAreTold() {
    assertThat(execute("check", folder.resolve("none").toString())).isEqualTo(1);
    assertThat(out.toString()).contains("There is no file");
    assertThat(execute("--no-such-option")).isEqualTo(2);
    assertThat(execute()).isEqualTo(2);
    assertThat(err.toString()).contains("Name a properties file");
  }

  @Test
  void conformanceTellsWhichRulesAreKeptAndWhichAreBroken() throws Exception {
    String child =
        Path.of(CommandLineTest.class.getResource("/child.sh").toURI()).toString();
    assertThat(execute(
            "conformance", "--only", "initialize", "--", "sh", child, "none", "none", "classic"))
        .isZero();
    assertThat(out.toString())
        .contains("ok      initialize is answered")
        .contains("It keeps to the protocol.");
    assertThat(execute("conformance", "--only", "initialize", "--", "sh", "-c", "echo no >&2"))
        .isEqualTo(1);
    assertThat(out.toString())
        .contains("FAILED  initialize is answered")
        .contains("it has exited with code 0")
        .contains("its standard error: no");
  }

  @Test
  void conformanceNeedsACommandPatienceAndData() {
    assertThat(execute("conformance")).isEqualTo(2);
    assertThat(execute("conformance", "--timeout", "0", "--", "true")).isEqualTo(2);
    assertThat(err.toString()).contains("--timeout must be more than 0");
    assertThat(execute("conformance", "--data", folder.resolve("none").toString(), "--", "true"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("--data must name a file that can be read");
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("app.properties"), text);
  }

  private int execute(String... arguments) {
    CommandLine line = MultiLangMain.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }
}
