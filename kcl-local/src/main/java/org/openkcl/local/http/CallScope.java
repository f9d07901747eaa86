package org.openkcl.local.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.faults.FaultCall;
import org.openkcl.local.model.ShardPlace;

/** Reads off a request what it is about, for faults; what is no name is left out. */
final class CallScope {
  /** {@code .../stream/NAME} or {@code .../stream/NAME/consumer/CONSUMER:TIME}. */
  private static final Pattern ARN =
      Pattern.compile("arn:[^/]*:stream/([^/]+)(?:/consumer/([^/:]+)(?::\\d+)?)?");

  private CallScope() {}

  static FaultCall of(String operation, Params in) {
    String stream = in.textIfAny("StreamName");
    String shard = in.textIfAny("ShardId");
    String consumer = in.textIfAny("ConsumerName");
    for (String member : new String[] {"StreamARN", "ConsumerARN", "ResourceARN"}) {
      String arn = in.textIfAny(member);
      Matcher parts = arn == null ? null : ARN.matcher(arn);
      if (parts != null && parts.matches()) {
        stream = stream == null ? parts.group(1) : stream;
        consumer = consumer == null ? parts.group(2) : consumer;
      }
    }
    if (shard == null) {
      shard = in.textIfAny("ShardToSplit");
    }
    if (shard == null) {
      shard = in.textIfAny("ShardToMerge");
    }
    ShardPlace place = place(in);
    return place == null
        ? new FaultCall(operation, stream, shard, consumer)
        : new FaultCall(operation, place.streamName(), place.shardId(), consumer);
  }

  private static @Nullable ShardPlace place(Params in) {
    String iterator = in.textIfAny("ShardIterator");
    return iterator == null ? null : ShardPlace.ofIterator(iterator);
  }
}
