package org.openkcl.samples.demo;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The line that a worker's JVM prints every so often.
 *
 * @param startMicros when it called {@code start()}, since the epoch
 * @param lagMillis of each shard that it holds; negative while unknown
 */
record WorkerReport(long startMicros, SortedMap<String, Long> lagMillis) {
  private static final String PREFIX = "worker-report ";

  WorkerReport {
    lagMillis = Collections.unmodifiableSortedMap(new TreeMap<>(lagMillis));
  }

  /** As printed. */
  String line() {
    return PREFIX
        + startMicros
        + lagMillis.entrySet().stream()
            .map(shard -> " " + shard.getKey() + "=" + shard.getValue())
            .collect(Collectors.joining());
  }

  /** The report on a line; empty if it is some other output. */
  static Optional<WorkerReport> parse(String line) {
    if (!line.startsWith(PREFIX)) {
      return Optional.empty();
    }
    List<String> words = List.of(line.substring(PREFIX.length()).split(" "));
    SortedMap<String, Long> lagMillis = new TreeMap<>();
    for (String word : words.subList(1, words.size())) {
      int equals = word.indexOf('=');
      lagMillis.put(word.substring(0, equals), Long.parseLong(word.substring(equals + 1)));
    }
    return Optional.of(new WorkerReport(Long.parseLong(words.get(0)), lagMillis));
  }

  /** The largest lag of its shards, if it has any that is known. */
  Optional<Long> worstLagMillis() {
    return lagMillis.values().stream().filter(lag -> lag >= 0).max(Long::compare);
  }

  /** For people: {@code 2 shards (0, 4), 0.3 s behind}. */
  String describe() {
    String numbers =
        lagMillis.keySet().stream().map(WorkerReport::number).collect(Collectors.joining(", "));
    String lag = worstLagMillis()
        .map(millis -> ", %.1f s behind".formatted(millis / 1e3))
        .orElse("");
    return switch (lagMillis.size()) {
      case 0 -> "no shards";
      case 1 -> "shard " + numbers + lag;
      default -> "shards " + numbers + lag;
    };
  }

  /** {@code 4} for {@code shardId-000000000004}. */
  static String number(String shardId) {
    return shardId.replaceFirst("^shardId-0*(?=\\d)", "");
  }
}
