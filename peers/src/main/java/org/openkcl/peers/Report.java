package org.openkcl.peers;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Something that happened, as one line: {@code @peer KIND EPOCH_MICROS SHARD NAME=VALUE ...}, single
 * spaces between; no value has a space in it.
 */
final class Report {
  private final StringBuilder line = new StringBuilder("@peer ");

  private Report(String kind, String shardId) {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    line.append(kind).append(' ').append(micros).append(' ').append(shardId);
  }

  /**
   * Begins one, at this moment.
   *
   * @param shardId {@code -} when it is of the whole worker
   */
  static Report of(String kind, String shardId) {
    return new Report(kind, shardId);
  }

  Report with(String name, Object value) {
    line.append(' ').append(name).append('=').append(String.valueOf(value).replace(' ', '_'));
    return this;
  }

  void print() {
    System.out.println(line);
  }
}
