package org.openkcl.benchmarks.probe;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The options of one worker process. Immutable. */
public record WorkerOptions(Map<WorkerOption, String> values) {
  private static final Map<WorkerOption, String> DEFAULTS = Map.of(
      WorkerOption.FAN_OUT, "false",
      WorkerOption.IDLE_MILLIS, "1000",
      WorkerOption.FAILOVER_MILLIS, "10000",
      WorkerOption.DETAIL, Detail.IDS.name(),
      WorkerOption.CHECKPOINT_MILLIS, "0",
      WorkerOption.EXPECTED, Long.toString(Long.MAX_VALUE),
      WorkerOption.UNLIMITED, "false",
      WorkerOption.TUNED, "false",
      WorkerOption.QUICK_START, "false");

  public WorkerOptions {
    values = Map.copyOf(values);
  }

  /** Nothing but defaults. */
  public static WorkerOptions defaults() {
    return new WorkerOptions(DEFAULTS);
  }

  /** Reads what {@link #toArguments} has written. */
  public static WorkerOptions ofArguments(String[] arguments) {
    return Arrays.stream(arguments)
        .map(argument -> argument.split("=", 2))
        .reduce(
            defaults(),
            (options, pair) -> options.with(WorkerOption.valueOf(pair[0]), pair[1]),
            (one, other) -> other);
  }

  /** As they stand on a command line. */
  public List<String> toArguments() {
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .sorted()
        .toList();
  }

  public WorkerOptions with(WorkerOption option, Object value) {
    Map<WorkerOption, String> changed = new EnumMap<>(WorkerOption.class);
    changed.putAll(values);
    changed.put(option, value.toString());
    return new WorkerOptions(changed);
  }

  /**
   * An option's value.
   *
   * @throws IllegalArgumentException when it was not given and has no default
   */
  public String text(WorkerOption option) {
    String value = values.get(option);
    if (value == null) {
      throw new IllegalArgumentException("The worker needs an option " + option + "=...");
    }
    return value;
  }

  public long number(WorkerOption option) {
    return Long.parseLong(text(option));
  }

  public boolean isSet(WorkerOption option) {
    return Boolean.parseBoolean(text(option));
  }
}
