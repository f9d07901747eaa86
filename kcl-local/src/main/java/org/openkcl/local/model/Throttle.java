package org.openkcl.local.model;

import org.jspecify.annotations.Nullable;

/** Holds what is asked of shards and streams against the limits. */
final class Throttle {
  private final ServiceLimits limits;
  private final RecordGate gate;
  private final boolean unlimited;
  private final CallRates account = CallRates.ofAccount();

  Throttle(ServiceLimits limits, RecordGate gate) {
    this.limits = limits;
    this.gate = gate;
    this.unlimited = limits.equals(ServiceLimits.none());
  }

  /** Counts a call, or throws {@code LimitExceededException}. */
  void countCall(Call call, @Nullable Stream stream, long now) {
    if (!limits.callRates()) {
      return;
    }
    if (!account.admits(call.action(), now)) {
      throw StreamException.limitExceeded("Rate exceeded for account " + StreamNames.ACCOUNT + ".");
    }
    if (stream != null && !stream.control.callRates.admits(call.action(), now)) {
      throw StreamException.limitExceeded("Rate exceeded for stream "
          + stream.name
          + " under account "
          + StreamNames.ACCOUNT
          + ".");
    }
  }

  /** Counts a record; null when the shard takes it. */
  @Nullable
  PutRefusal refusal(Call call, Stream stream, Shard shard, PutEntry entry, long now) {
    if (!call.isDirect()) {
      PutRefusal other = gate.refusal(call.action(), new ShardPlace(stream.name, shard.id));
      if (other != null) {
        return other;
      }
    }
    if (unlimited || shard.traffic(limits).takes(PutRules.bytes(entry), now)) {
      return null;
    }
    StreamException exceeded = exceeded(stream, shard);
    return new PutRefusal(exceeded.errorType(), exceeded.getMessage());
  }

  /** Counts an iterator, or throws {@code ProvisionedThroughputExceededException}. */
  void countIterator(Stream stream, Shard shard, long now) {
    if (limits.callRates() && !shard.traffic(limits).givesIterator(now)) {
      throw exceeded(stream, shard);
    }
  }

  /** Counts a read, or throws {@code ProvisionedThroughputExceededException}. */
  void countRead(Stream stream, Shard shard, long now) {
    if (!unlimited && !shard.traffic(limits).startsRead(now)) {
      throw exceeded(stream, shard);
    }
  }

  void countRead(Shard shard, ReadResult result, long now) {
    if (!unlimited) {
      shard.traffic(limits).endsRead(result, now);
    }
  }

  private static StreamException exceeded(Stream stream, Shard shard) {
    return new StreamException(
        "ProvisionedThroughputExceededException",
        "Rate exceeded for shard "
            + shard.id
            + " in stream "
            + stream.name
            + " under account "
            + StreamNames.ACCOUNT
            + ".");
  }
}
