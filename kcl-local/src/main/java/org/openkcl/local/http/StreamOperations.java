package org.openkcl.local.http;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.openkcl.local.http.Operation.Question;
import org.openkcl.local.model.ListShardsQuery;
import org.openkcl.local.model.NewStream;
import org.openkcl.local.model.ShardPage;
import org.openkcl.local.model.StreamDescription;
import org.openkcl.local.model.StreamException;
import org.openkcl.local.model.StreamListing;
import org.openkcl.local.model.StreamNames;
import org.openkcl.local.model.StreamPage;

/** Operations on streams as a whole. */
final class StreamOperations {
  static final Map<String, Operation> ALL = Map.of(
      "CreateStream", StreamOperations::create,
      "DeleteStream", StreamOperations::delete,
      "DescribeStream", StreamOperations::describe,
      "DescribeStreamSummary", StreamOperations::summarize,
      "ListStreams", StreamOperations::list,
      "UpdateShardCount", StreamOperations::updateShardCount);

  private static final int DESCRIBE_LIMIT_DEFAULT = 100;
  private static final int LIST_LIMIT_DEFAULT = 100;
  private static final int LIMIT_MAX = 10_000;

  private StreamOperations() {}

  private static Question create(Params in) {
    String name = in.text("StreamName");
    NewStream wanted = new NewStream(
        name,
        SettingsOperations.mode(in.objectOrNull("StreamModeDetails")),
        in.integerOrNull("ShardCount"),
        in.textMap("Tags"),
        in.integerOrNull("WarmThroughputMiBps"),
        in.integerOrNull("MaxRecordSizeInKiB"));
    return streams -> {
      streams.createStream(wanted);
      return ReplyBody.EMPTY;
    };
  }

  private static Question delete(Params in) {
    String name = in.streamName();
    boolean withConsumers = in.flag("EnforceConsumerDeletion");
    return streams -> {
      if (withConsumers) {
        streams.deleteStreamAndConsumers(name);
      } else {
        streams.deleteStream(name);
      }
      return ReplyBody.EMPTY;
    };
  }

  private static Question describe(Params in) {
    String name = in.streamName();
    String startShardId = in.textOrNull("ExclusiveStartShardId");
    int limit = limit(in, DESCRIBE_LIMIT_DEFAULT);
    return streams -> {
      StreamDescription stream = streams.describe(name);
      ListShardsQuery query = ListShardsQuery.of(name).withMaxResults(limit);
      ShardPage page = stream.status().equals("CREATING")
          ? new ShardPage(List.of(), null)
          : streams.listShards(startShardId == null ? query : query.startingAfter(startShardId));
      return out -> out.object("StreamDescription", description -> {
        describe(description, stream);
        description.flag("HasMoreShards", page.nextToken() != null);
        description.objects("Shards", page.shards(), ShardOperations::writeShard);
      });
    };
  }

  private static Question summarize(Params in) {
    String name = in.streamName();
    return streams -> {
      StreamDescription stream = streams.describe(name);
      int consumers = streams.consumers().count(name);
      return out -> out.object("StreamDescriptionSummary", summary -> {
        describe(summary, stream);
        summary.number("OpenShardCount", stream.openShardCount());
        summary.number("ConsumerCount", consumers);
        summary.number("MaxRecordSizeInKiB", stream.features().maxRecordSizeKiB());
        SettingsOperations.writeWarmThroughput(summary, stream);
      });
    };
  }

  private static void describe(ReplyWriter out, StreamDescription stream) throws IOException {
    out.text("StreamName", stream.name());
    out.text("StreamARN", stream.arn());
    out.text("StreamStatus", stream.status());
    writeMode(out, stream);
    out.number("RetentionPeriodHours", stream.retention().toHours());
    out.time("StreamCreationTimestamp", stream.creationTime());
    out.objects(
        "EnhancedMonitoring",
        List.of(SettingsOperations.names(stream.features().shardLevelMetrics())),
        (monitoring, metrics) -> monitoring.texts("ShardLevelMetrics", metrics));
    String keyId = stream.features().encryptionKeyId();
    out.text("EncryptionType", keyId == null ? "NONE" : "KMS");
    out.text("KeyId", keyId);
  }

  private static void writeMode(ReplyWriter out, StreamDescription stream) throws IOException {
    String mode = stream.features().mode().name();
    out.object("StreamModeDetails", details -> details.text("StreamMode", mode));
  }

  private static Question list(Params in) {
    String after = in.textOrNull("ExclusiveStartStreamName");
    String nextToken = in.textOrNull("NextToken");
    int limit = in.integer("Limit", LIST_LIMIT_DEFAULT);
    return streams -> {
      StreamListing listing = streams.control().listing();
      return reply(
          nextToken == null
              ? listing.after(after == null ? "" : after, limit)
              : listing.next(nextToken, limit));
    };
  }

  private static ReplyBody reply(StreamPage page) {
    return out -> {
      out.texts(
          "StreamNames", page.streams().stream().map(StreamDescription::name).toList());
      out.flag("HasMoreStreams", page.nextToken() != null);
      out.text("NextToken", page.nextToken());
      out.objects("StreamSummaries", page.streams(), (summary, stream) -> {
        summary.text("StreamName", stream.name());
        summary.text("StreamARN", stream.arn());
        summary.text("StreamStatus", stream.status());
        writeMode(summary, stream);
        summary.time("StreamCreationTimestamp", stream.creationTime());
      });
    };
  }

  private static Question updateShardCount(Params in) {
    String name = in.streamName();
    int target = in.integer("TargetShardCount");
    String scaling = in.text("ScalingType");
    if (!scaling.equals("UNIFORM_SCALING")) {
      throw StreamException.validation(
          scaling, "scalingType", "satisfy enum value set: [UNIFORM_SCALING]");
    }
    return streams -> {
      int current = streams.describe(name).openShardCount();
      streams.updateShardCount(name, target);
      return out -> {
        out.text("StreamName", name);
        out.text("StreamARN", StreamNames.arn(name));
        out.number("CurrentShardCount", current);
        out.number("TargetShardCount", target);
      };
    };
  }

  private static int limit(Params in, int byDefault) {
    int limit = in.integer("Limit", byDefault);
    if (limit < 1 || limit > LIMIT_MAX) {
      throw StreamException.validation(limit, "limit", "have value between 1 and " + LIMIT_MAX);
    }
    return limit;
  }
}
