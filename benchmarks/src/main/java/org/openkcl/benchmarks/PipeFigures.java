package org.openkcl.benchmarks;

/**
 * What a daemon has done with a stream, from when its children had their first records until they
 * had all.
 *
 * @param recordsPerSecond over that time
 * @param warmRecordsPerSecond over the second half of the records, when the JVM has compiled more
 * @param cpuSecondsPerMillion processor time of the daemon, without its start, per million records
 * @param peakMebibytes the most memory that the daemon has had resident
 */
record PipeFigures(
    double recordsPerSecond,
    double warmRecordsPerSecond,
    double cpuSecondsPerMillion,
    double peakMebibytes) {

  /** One of the figures, and how it is told. */
  enum Metric {
    RECORDS_PER_SECOND("recordsPerSecond", "rec/s", true),
    WARM_RECORDS_PER_SECOND("warmRecordsPerSecond", "rec/s", true),
    CPU_SECONDS_PER_MILLION("cpuSecondsPerMillion", "s", false),
    PEAK_MEBIBYTES("peakMebibytes", "MiB", false);

    private final String label;
    private final String unit;
    private final boolean moreIsBetter;

    Metric(String label, String unit, boolean moreIsBetter) {
      this.label = label;
      this.unit = unit;
      this.moreIsBetter = moreIsBetter;
    }

    String label() {
      return label;
    }

    String unit() {
      return unit;
    }

    /** How many times better one figure is than another; more than 1 if it is better. */
    double ratio(double one, double other) {
      return moreIsBetter ? one / other : other / one;
    }

    /** The worse of two. */
    double worse(double one, double other) {
      return moreIsBetter ? Math.min(one, other) : Math.max(one, other);
    }
  }

  double value(Metric metric) {
    return switch (metric) {
      case RECORDS_PER_SECOND -> recordsPerSecond;
      case WARM_RECORDS_PER_SECOND -> warmRecordsPerSecond;
      case CPU_SECONDS_PER_MILLION -> cpuSecondsPerMillion;
      case PEAK_MEBIBYTES -> peakMebibytes;
    };
  }
}
