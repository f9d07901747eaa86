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
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Runs the soak as its users do: in a JVM of its own, which starts the workers' JVMs. */
class SoakIT {
  @TempDir
  Path directory;

  /** What a run printed and ended with. */
  private record Run(int exitCode, String lastLine, String people) {}

  @Test
  @Timeout(value = 180, unit = TimeUnit.SECONDS)
  void losesNothingWhileShardsAreSplitAndWorkersKilled() throws IOException, InterruptedException {
    Run run = soak("--minutes", "0.25", "--reshards", "6", "--json");

    assertThat(run.exitCode()).as(run.people()).isZero();
    assertThat(run.lastLine())
        .matches("\\{\"ok\":true,\"records\":3000,\"lost\":0,\"outOfOrder\":0,"
            + "\"childBeforeParent\":0,\"duplicates\":\\d+,\"reshards\":[456],\"kills\":1}");
    assertThat(run.people()).contains("is split", "is killed");
  }

  @Test
  @EnabledIfSystemProperty(named = "openkcl.full", matches = "true")
  @Timeout(value = 300, unit = TimeUnit.SECONDS)
  void losesNothingInAMinuteOfFortyReshards() throws IOException, InterruptedException {
    Run run = soak("--minutes", "1", "--workers", "4", "--reshards", "40", "--seed", "17");

    assertThat(run.exitCode()).as(run.people()).isZero();
    assertThat(run.lastLine())
        .startsWith("ok=true records=12000 lost=0 outOfOrder=0 childBeforeParent=0 duplicates=");
  }

  @Test
  @EnabledIfSystemProperty(named = "openkcl.full", matches = "true")
  @Timeout(value = 300, unit = TimeUnit.SECONDS)
  void noticesSabotage() throws IOException, InterruptedException {
    Run run = soak("--minutes", "0.25", "--sabotage", "skip");

    assertThat(run.exitCode()).as(run.people()).isEqualTo(1);
    assertThat(run.lastLine()).startsWith("ok=false records=3000 lost=");
    assertThat(run.people()).contains("FAILED", "records were never processed");
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void refusesWhatItCannotDo() throws IOException, InterruptedException {
    Run run = soak("--minutes", "0");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.people()).contains("--minutes must be between 0.2 and 180: got 0.0");
  }

  private Run soak(String... options) throws IOException, InterruptedException {
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    List<String> command = new ArrayList<>(List.of(
        ProcessHandle.current().info().command().orElse("java"),
        "-Xmx512m",
        "-cp",
        System.getProperty("java.class.path"),
        SoakMain.class.getName(),
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
