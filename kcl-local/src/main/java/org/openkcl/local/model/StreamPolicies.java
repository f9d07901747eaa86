package org.openkcl.local.model;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** Resource policies of streams (API reference: PutResourcePolicy). */
public final class StreamPolicies implements Serializable {
  private final LocalStreams streams;

  StreamPolicies(LocalStreams streams) {
    this.streams = streams;
  }

  /** Sets a stream's policy; its denials hold from the next request on. */
  public void put(String streamName, ResourcePolicy policy) {
    streams.changeable(streamName).control.policy = policy;
  }

  /** A stream's policy; null when it has none. */
  public @Nullable ResourcePolicy of(String streamName) {
    return streams.stream(streamName).control.policy;
  }

  /** Removes a stream's policy. */
  public void delete(String streamName) {
    Stream stream = streams.changeable(streamName);
    if (stream.control.policy == null) {
      throw StreamException.notFound(
          "No resource policy found for resource ARN " + StreamNames.arn(streamName));
    }
    stream.control.policy = null;
  }
}
