package org.openkcl.local.model;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Capacity modes and how on-demand streams grow (API reference: UpdateStreamMode). */
public final class StreamModes implements Serializable {
  private static final int CHANGES_A_DAY_MAX = 2;

  private final PresentStreams streams;
  private final AccountSettings account;

  StreamModes(PresentStreams streams, AccountSettings account) {
    this.streams = streams;
    this.account = account;
  }

  /**
   * Changes the mode; the shards stay as they are.
   *
   * @param warmThroughputMiBps for on-demand only; null for none
   */
  public void update(String streamName, StreamMode mode, @Nullable Integer warmThroughputMiBps) {
    Stream stream = streams.changeable(streamName);
    StreamControl control = stream.control;
    checkWarmThroughput(mode, warmThroughputMiBps);
    if (streams.limitsRates()
        && control.modeUpdates.hasReached(CHANGES_A_DAY_MAX, streams.nowMillis())) {
      throw StreamException.limitExceeded(StreamNames.inAccount(streamName)
          + " can switch its mode "
          + CHANGES_A_DAY_MAX
          + " times within 24 hours: limit reached.");
    }
    if (mode == StreamMode.ON_DEMAND && control.mode != mode) {
      requireRoomForOnDemand();
    }
    requireRoomFor(stream, warmThroughputMiBps);
    if (control.mode != mode) {
      control.modeUpdates.add(streams.nowMillis());
    }
    ServiceDelays delays = streams.delays();
    streams.change(
        stream, warmThroughputMiBps == null ? delays.setting() : delays.reshard(), at -> {
          control.mode = mode;
          warmUp(stream, warmThroughputMiBps, at);
        });
  }

  /** Keeps an on-demand stream ready for so much; it tells so at once, and has the shards later. */
  public StreamDescription warm(String streamName, int mibps) {
    Stream stream = streams.changeable(streamName);
    if (stream.control.mode != StreamMode.ON_DEMAND) {
      throw StreamException.invalidRequest("UpdateStreamWarmThroughput is only supported for data"
          + " streams with the on-demand capacity mode: "
          + StreamNames.inAccount(streamName)
          + " is in PROVISIONED mode.");
    }
    checkWarmThroughput(StreamMode.ON_DEMAND, mibps);
    requireRoomFor(stream, mibps);
    stream.control.warmThroughputMiBps = mibps;
    streams.change(stream, streams.delays().reshard(), at -> warmUp(stream, mibps, at));
    return stream.description(streams.nowMillis());
  }

  int onDemandStreams() {
    return (int) streams.all().stream()
        .filter(stream -> stream.control.mode == StreamMode.ON_DEMAND)
        .count();
  }

  void requireRoomForOnDemand() {
    int count = onDemandStreams();
    if (count >= OnDemandRules.STREAMS_MAX) {
      throw StreamException.limitExceeded("The account "
          + StreamNames.ACCOUNT
          + " has "
          + count
          + " on-demand streams. Limit: "
          + OnDemandRules.STREAMS_MAX
          + ".");
    }
  }

  void checkWarmThroughput(StreamMode mode, @Nullable Integer mibps) {
    if (mibps == null) {
      return;
    }
    if (mode != StreamMode.ON_DEMAND) {
      throw StreamException.invalidRequest(
          "WarmThroughputMiBps is only supported for the on-demand capacity mode.");
    }
    if (!account.isCommitted()) {
      throw StreamException.invalidRequest("WarmThroughputMiBps is only supported for accounts that"
          + " have MinimumThroughputBillingCommitment enabled.");
    }
    OnDemandRules.checkWarmThroughput(mibps);
  }

  private void requireRoomFor(Stream stream, @Nullable Integer mibps) {
    if (mibps != null) {
      streams.requireRoomForShards(mibps - stream.openShardCount());
    }
  }

  static void warmUp(Stream stream, @Nullable Integer mibps, long at) {
    if (mibps != null) {
      stream.control.warmThroughputMiBps = mibps;
      if (mibps > stream.openShardCount()) {
        stream.reshardEvenly(mibps, at);
      }
    }
  }

  /** Counts what is written to an on-demand stream. */
  static void observe(Stream stream, List<PutEntry> entries) {
    if (stream.control.mode == StreamMode.ON_DEMAND) {
      long bytes = 0;
      for (PutEntry entry : entries) {
        bytes += entry.data().length + entry.partitionKey().length();
      }
      stream.control.meter.add(entries.size(), bytes);
    }
  }
}
