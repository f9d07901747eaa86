package org.openkcl.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Under what the figures were taken, in words. */
final class Conditions {
  private Conditions() {}

  static String describe() {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    return String.format(
        Locale.ROOT,
        "OpenKCL %s, %s; %d processors shared by workers, service and producer, load %.1f at the"
            + " start; %s %s, JDK %s. The service is kcl-local on this machine, not AWS.",
        System.getProperty("openkcl.commit", "unknown"),
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        system.getAvailableProcessors(),
        system.getSystemLoadAverage(),
        system.getName(),
        system.getVersion(),
        Runtime.version());
  }
}
