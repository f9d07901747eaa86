package org.openkcl.local.faults;

import org.jspecify.annotations.Nullable;

/**
 * Which calls a fault concerns. A null takes all; anything else takes only calls that name the same.
 *
 * @param operation its name in the API reference
 * @param stream the stream's name
 * @param shard the shard's id
 * @param consumer the name of a registered consumer
 */
public record FaultScope(
    @Nullable String operation,
    @Nullable String stream,
    @Nullable String shard,
    @Nullable String consumer) {
  static final FaultScope ALL = new FaultScope(null, null, null, null);

  boolean takes(FaultCall call) {
    return same(operation, call.operation())
        && same(stream, call.stream())
        && same(shard, call.shard())
        && same(consumer, call.consumer());
  }

  private static boolean same(@Nullable String wanted, @Nullable String got) {
    return wanted == null || wanted.equals(got);
  }
}
