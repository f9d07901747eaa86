package org.openkcl.peers;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.common.StreamConfig;
import software.amazon.kinesis.common.StreamIdentifier;
import software.amazon.kinesis.processor.FormerStreamsLeasesDeletionStrategy;
import software.amazon.kinesis.processor.FormerStreamsLeasesDeletionStrategy.NoLeaseDeletionStrategy;
import software.amazon.kinesis.processor.MultiStreamTracker;

/** A fixed set of streams for one worker. */
final class SeveralStreams implements MultiStreamTracker {
  private final List<StreamConfig> streams;

  /** @param identifiers {@code ACCOUNT:NAME:CREATION_EPOCH}, with commas between */
  SeveralStreams(String identifiers, InitialPositionInStreamExtended position) {
    streams = Arrays.stream(identifiers.split(","))
        .map(identifier ->
            new StreamConfig(StreamIdentifier.multiStreamInstance(identifier), position))
        .collect(Collectors.toList());
  }

  @Override
  public List<StreamConfig> streamConfigList() {
    return streams;
  }

  @Override
  public FormerStreamsLeasesDeletionStrategy formerStreamsLeasesDeletionStrategy() {
    return new NoLeaseDeletionStrategy();
  }
}
