package org.openkcl.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuTimeTest {
  private static final long SECOND = 1_000_000_000L;

  @TempDir
  private Path root;

  @Test
  void theMachineIsAsBusyAsItsTicksSay() throws IOException {
    CpuTime time = new CpuTime(root);
    file("proc/stat", "cpu  100 0 100 700 100 0 0 0 0 0\ncpu0 100 0 100 700 100 0 0 0 0 0\n");
    assertThat(time.percentSinceLast(0)).isEmpty();
    file("proc/stat", "cpu  130 0 120 740 110 0 0 0 0 0\n");
    assertThat(time.percentSinceLast(SECOND)).isEqualTo(OptionalDouble.of(50));
  }

  @Test
  void aContainerIsMeasuredAgainstItsOwnLimit() throws IOException {
    CpuTime time = new CpuTime(root);
    file("proc/stat", "cpu  100 0 100 700 100 0 0 0 0 0\n");
    file("sys/fs/cgroup/cpu.max", "50000 100000\n");
    file("sys/fs/cgroup/cpu.stat", "usage_usec 1000000\nuser_usec 1\n");
    assertThat(time.percentSinceLast(0)).isEmpty();
    file("sys/fs/cgroup/cpu.stat", "usage_usec 1250000\nuser_usec 1\n");
    assertThat(time.percentSinceLast(SECOND).orElseThrow()).isBetween(49.9, 50.1);
  }

  @Test
  void aContainerOfVersion1IsToo() throws IOException {
    CpuTime time = new CpuTime(root);
    file("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "200000\n");
    file("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
    file("sys/fs/cgroup/cpuacct/cpuacct.usage", "0\n");
    assertThat(time.percentSinceLast(0)).isEmpty();
    file("sys/fs/cgroup/cpuacct/cpuacct.usage", "500000000\n");
    assertThat(time.percentSinceLast(SECOND).orElseThrow()).isBetween(24.9, 25.1);
  }

  @Test
  void whereNothingTellsNothingIsSaid() throws IOException {
    CpuTime time = new CpuTime(root);
    file("sys/fs/cgroup/cpu.max", "max 100000\n");
    file("proc/stat", "intr 5\n");
    assertThat(time.percentSinceLast(0)).isEmpty();
    assertThat(time.percentSinceLast(SECOND)).isEmpty();
  }

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
