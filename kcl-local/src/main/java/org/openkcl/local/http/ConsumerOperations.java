package org.openkcl.local.http;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.faults.FaultCall;
import org.openkcl.local.http.Operation.Question;
import org.openkcl.local.model.ConsumerDescription;
import org.openkcl.local.model.ConsumerId;
import org.openkcl.local.model.ConsumerPage;
import org.openkcl.local.model.IteratorPosition;
import org.openkcl.local.model.StreamException;
import org.openkcl.local.model.StreamNames;

/** Operations on the registered consumers of a stream. */
final class ConsumerOperations {
  static final Map<String, Operation> ALL = Map.of(
      "RegisterStreamConsumer", ConsumerOperations::register,
      "DeregisterStreamConsumer", ConsumerOperations::deregister,
      "DescribeStreamConsumer", ConsumerOperations::describe,
      "ListStreamConsumers", ConsumerOperations::list,
      "SubscribeToShard", ConsumerOperations::subscribe);

  private ConsumerOperations() {}

  private static Question register(Params in) {
    String stream = StreamNames.fromArn(in.text("StreamARN"));
    String name = in.text("ConsumerName");
    Map<String, String> tags = in.textMap("Tags");
    return streams -> {
      ConsumerDescription consumer = streams.consumers().register(stream, name, tags);
      return out -> out.object("Consumer", members -> write(members, consumer));
    };
  }

  private static Question deregister(Params in) {
    ConsumerId id = id(in);
    return streams -> {
      streams.consumers().deregister(id);
      return ReplyBody.EMPTY;
    };
  }

  private static Question describe(Params in) {
    ConsumerId id = id(in);
    return streams -> {
      ConsumerDescription consumer = streams.consumers().describe(id);
      return out -> out.object("ConsumerDescription", members -> {
        write(members, consumer);
        members.text("StreamARN", consumer.streamArn());
      });
    };
  }

  private static Question list(Params in) {
    String stream = StreamNames.fromArn(in.text("StreamARN"));
    int maxResults = in.integer("MaxResults", ConsumerPage.MAX_RESULTS_DEFAULT);
    String nextToken = in.textOrNull("NextToken");
    Instant creation = in.timeOrNull("StreamCreationTimestamp");
    if (nextToken != null && creation != null) {
      throw StreamException.invalidArgument(
          "NextToken and StreamCreationTimestamp cannot be provided together.");
    }
    return streams -> {
      ConsumerPage page = nextToken == null
          ? streams.consumers().list(stream, creation, maxResults)
          : streams.consumers().list(nextToken, maxResults);
      return out -> {
        out.objects("Consumers", page.consumers(), ConsumerOperations::write);
        out.text("NextToken", page.nextToken());
      };
    };
  }

  /** The reply is a stream of events; what is returned here only opens it. */
  private static Question subscribe(Params in) {
    ConsumerId id = ConsumerId.fromArn(in.text("ConsumerARN"));
    String shardId = in.text("ShardId");
    Params start = in.objectOrNull("StartingPosition");
    if (start == null) {
      throw StreamException.missing("startingPosition");
    }
    IteratorPosition position = new IteratorPosition(
        ShardOperations.choice(
            IteratorPosition.Type.class, "startingPosition.type", start.text("Type")),
        start.textOrNull("SequenceNumber"),
        start.timeOrNull("Timestamp"));
    FaultCall call = CallScope.of("SubscribeToShard", in);
    return streams -> OpenedSubscription.open(streams.consumers(), id, shardId, position, call);
  }

  /** A consumer given by its own ARN, or by its stream's and its name. */
  private static ConsumerId id(Params in) {
    String arn = in.textOrNull("ConsumerARN");
    String streamArn = in.textOrNull("StreamARN");
    String name = in.textOrNull("ConsumerName");
    ConsumerId named = named(streamArn, name);
    if (arn == null) {
      if (named == null) {
        throw StreamException.invalidArgument(
            "Either ConsumerARN, or StreamARN and ConsumerName, must be provided.");
      }
      return named;
    }
    ConsumerId id = ConsumerId.fromArn(arn);
    if (named != null && !named.equals(ConsumerId.of(id.streamName(), id.consumerName()))) {
      throw StreamException.invalidArgument(
          "ConsumerARN, StreamARN and ConsumerName name different consumers: " + arn + ", "
              + streamArn + " and " + name);
    }
    return id;
  }

  private static @Nullable ConsumerId named(@Nullable String streamArn, @Nullable String name) {
    return streamArn == null || name == null
        ? null
        : ConsumerId.of(StreamNames.fromArn(streamArn), name);
  }

  private static void write(ReplyWriter out, ConsumerDescription consumer) throws IOException {
    out.text("ConsumerName", consumer.name());
    out.text("ConsumerARN", consumer.arn());
    out.text("ConsumerStatus", consumer.status().name());
    out.time("ConsumerCreationTimestamp", consumer.creationTime());
  }
}
