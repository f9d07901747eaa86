package org.openkcl.environment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How busy the CPUs are that this process may use: those of its container where that has a limit of
 * its own (cgroup version 2 or 1, as on ECS and EKS), else those of the machine ({@code /proc/stat}).
 * Each reading says what was used since the one before.
 */
final class CpuTime {
  private final Path root;
  private @Nullable Reading before;

  /** CPU time used and CPU time there was, in any unit that both share. */
  record Reading(double used, double available) {}

  /**
   * @param root where {@code proc} and {@code sys} are; {@code /} but in tests
   */
  CpuTime(Path root) {
    this.root = root;
  }

  /** Percent used since the last call, 0 to 100; empty at the first one, or when nothing tells. */
  OptionalDouble percentSinceLast(long nowNanos) {
    Reading now = read(nowNanos);
    Reading last = before;
    before = now;
    if (now == null || last == null || now.available <= last.available) {
      return OptionalDouble.empty();
    }
    double share = (now.used - last.used) / (now.available - last.available);
    return OptionalDouble.of(Math.max(0, Math.min(100, share * 100)));
  }

  private @Nullable Reading read(long nowNanos) {
    Reading container = cgroup2(nowNanos);
    if (container == null) {
      container = cgroup1(nowNanos);
    }
    return container != null ? container : machine();
  }

  private @Nullable Reading cgroup2(long nowNanos) {
    List<String> max = lines("sys/fs/cgroup/cpu.max");
    List<String> stat = lines("sys/fs/cgroup/cpu.stat");
    if (max.isEmpty() || max.get(0).startsWith("max")) {
      return null;
    }
    String[] limit = max.get(0).split(" ", -1);
    return stat.stream()
        .filter(line -> line.startsWith("usage_usec "))
        .findFirst()
        .flatMap(line -> number(line.substring("usage_usec ".length())))
        .flatMap(used -> number(limit[0])
            .flatMap(quota -> number(limit[limit.length - 1])
                .map(period -> new Reading(used * 1e3, nowNanos * (quota / period)))))
        .orElse(null);
  }

  private @Nullable Reading cgroup1(long nowNanos) {
    List<String> quotas = lines("sys/fs/cgroup/cpu/cpu.cfs_quota_us");
    List<String> periods = lines("sys/fs/cgroup/cpu/cpu.cfs_period_us");
    List<String> usages = lines("sys/fs/cgroup/cpuacct/cpuacct.usage");
    if (quotas.isEmpty() || periods.isEmpty() || usages.isEmpty()) {
      return null;
    }
    return number(quotas.get(0))
        .filter(quota -> quota > 0)
        .flatMap(quota -> number(periods.get(0))
            .flatMap(period ->
                number(usages.get(0)).map(used -> new Reading(used, nowNanos * (quota / period)))))
        .orElse(null);
  }

  /** The first line of {@code /proc/stat}: user, nice, system, idle, iowait, irq, softirq, steal. */
  private @Nullable Reading machine() {
    List<String> lines = lines("proc/stat");
    if (lines.isEmpty() || !lines.get(0).startsWith("cpu ")) {
      return null;
    }
    String[] fields = lines.get(0).trim().split(" +", -1);
    double total = 0;
    double idle = 0;
    for (int i = 1; i < Math.min(fields.length, 9); i++) {
      double ticks = number(fields[i]).orElse(0.0);
      total += ticks;
      idle += i == 4 || i == 5 ? ticks : 0;
    }
    return new Reading(total - idle, total);
  }

  private List<String> lines(String path) {
    try {
      return Files.readAllLines(root.resolve(path));
    } catch (IOException | SecurityException missing) {
      return List.of();
    }
  }

  private static Optional<Double> number(String text) {
    try {
      return Optional.of(Double.valueOf(text.trim()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
