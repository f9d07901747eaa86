package org.openkcl.metrics;

/** What a metric's values count. */
public enum MetricUnit {
  COUNT("Count"),
  MILLISECONDS("Milliseconds"),
  BYTES("Bytes"),
  NONE("None");

  private final String cloudWatchName;

  MetricUnit(String cloudWatchName) {
    this.cloudWatchName = cloudWatchName;
  }

  /** The unit's name in CloudWatch. */
  public String cloudWatchName() {
    return cloudWatchName;
  }
}
