package org.openkcl.samples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs the demo as its users do: in a JVM of its own, which starts the workers' JVMs. */
class DemoIT {
  private static final String NUMBER = "\\d+\\.\\d{3}";

  @TempDir
  Path directory;

  /** What a run printed and ended with. */
  private record Run(int exitCode, String lastLine, String people) {}

  @Test
  @Timeout(value = 180, unit = TimeUnit.SECONDS)
  void provesItsOwnCorrectness() throws IOException, InterruptedException {
    Run run = demo("--json");

    assertThat(run.exitCode()).as(run.people()).isZero();
    assertThat(run.lastLine())
        .matches(
            "\\{\"ok\":true,\"records\":20000,\"delivered\":20000,\"duplicates\":\\d+,\"lost\":0,"
                + "\"outOfOrder\":0,\"firstRecordSeconds\":"
                + NUMBER
                + ",\"takeoverSeconds\":"
                + NUMBER
                + ",\"handoverGapMillis\":\\d+}");
    assertThat(run.people())
        .contains("is split", "are merged", "worker C has stopped", "worker B is killed")
        .contains("Most delayed airports");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "skip | records were never processed",
        "reorder | records out of order",
        "early-child | before its parents had ended"
      })
  @Timeout(value = 150, unit = TimeUnit.SECONDS)
  void noticesSabotage(String how, String reason) throws IOException, InterruptedException {
    Run run = demo("--json", "--seconds", "15", "--sabotage", how);

    assertThat(run.exitCode()).as(run.people()).isEqualTo(1);
    assertThat(run.lastLine()).startsWith("{\"ok\":false,");
    assertThat(run.people()).contains("FAILED", reason);
  }

  private Run demo(String... options) throws IOException, InterruptedException {
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    List<String> command = new ArrayList<>(List.of(
        ProcessHandle.current().info().command().orElse("java"),
        "-Xmx512m",
        "-cp",
        System.getProperty("java.class.path"),
        DemoMain.class.getName(),
        "--work-dir",
        directory.resolve("work").toString()));
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command)
        .redirectOutput(out.toFile())
        .redirectError(err.toFile())
        .start();
    try {
      int exitCode = process.waitFor();
      List<String> lines = Files.readAllLines(out, UTF_8);
      return new Run(
          exitCode, lines.isEmpty() ? "" : lines.get(lines.size() - 1), Files.readString(err));
    } finally {
      process.destroyForcibly();
    }
  }
}
