package org.openkcl.fleet.peer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a peer reported, one line each: {@code @peer KIND EPOCH_MICROS SHARD NAME=VALUE ...}.
 *
 * @param kind starting, initialized, records, checkpoint, checkpointFailed, leaseLost, shardEnded,
 *     shutdownRequested, stopping, stopped or ended
 * @param epochMicros when, by the peer's clock
 * @param shardId {@code -} when it is of the whole worker
 * @param values by name
 */
public record PeerEvent(String kind, long epochMicros, String shardId, Map<String, String> values) {
  private static final String MARK = "@peer";

  public PeerEvent {
    values = Map.copyOf(values);
  }

  /** The event of a line, or empty when the line is something else. */
  public static Optional<PeerEvent> ofLine(String line) {
    String[] parts = line.split(" ");
    if (parts.length < 4 || !parts[0].equals(MARK)) {
      return Optional.empty();
    }
    Map<String, String> values = new TreeMap<>();
    for (int i = 4; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      values.put(parts[i].substring(0, equals), parts[i].substring(equals + 1));
    }
    return Optional.of(new PeerEvent(parts[1], Long.parseLong(parts[2]), parts[3], values));
  }

  public boolean is(String someKind) {
    return kind.equals(someKind);
  }

  public boolean is(String someKind, String someShardId) {
    return kind.equals(someKind) && shardId.equals(someShardId);
  }

  /** The value of this name; empty when there is none. */
  public String value(String name) {
    return values.getOrDefault(name, "");
  }

  /** The sequence numbers of a {@code records} event, in order; none for any other. */
  public List<String> sequenceNumbers() {
    String records = value("records");
    return records.isEmpty() ? List.of() : List.of(records.split(","));
  }
}
