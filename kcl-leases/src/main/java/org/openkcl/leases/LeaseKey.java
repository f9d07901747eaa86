package org.openkcl.leases;

/**
 * Names one lease in the table: the shard id in single-stream mode, {@code
 * account:stream:creationEpoch:shardId} in multi-stream mode.
 *
 * @param value never empty
 */
public record LeaseKey(String value) implements Comparable<LeaseKey> {
  public LeaseKey {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("A lease key must not be empty");
    }
  }

  @Override
  public int compareTo(LeaseKey other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
