package org.openkcl.local.model;

import java.io.Serializable;

/** Finds what an ARN names: a stream or a registered consumer. */
final class Resources implements Serializable {
  private static final String CONSUMER = "/consumer/";

  private final PresentStreams streams;
  private final StreamConsumers consumers;

  Resources(PresentStreams streams, StreamConsumers consumers) {
    this.streams = streams;
    this.consumers = consumers;
  }

  Resource readable(String arn) {
    return arn.contains(CONSUMER)
        ? consumers.resource(ConsumerId.fromArn(arn))
        : streams.stream(StreamNames.fromArn(arn)).control.resource;
  }

  /** As {@link #readable}, if the stream is ACTIVE. */
  Resource changeable(String arn) {
    return arn.contains(CONSUMER)
        ? readable(arn)
        : streams.changeable(StreamNames.fromArn(arn)).control.resource;
  }
}
