package org.openkcl;

import java.util.Objects;
import org.openkcl.processor.StreamIdentifier;

/**
 * A shard of a stream: what an application that reads several streams needs to name one.
 *
 * @param stream the stream
 * @param shardId the shard's id in it, such as {@code shardId-000000000003}
 */
public record StreamShard(StreamIdentifier stream, String shardId) {

  public StreamShard {
    Objects.requireNonNull(stream, "stream");
    Objects.requireNonNull(shardId, "shardId");
  }

  /** {@code stream/shard}, for people. */
  @Override
  public String toString() {
    return stream.streamName() + "/" + shardId;
  }
}
