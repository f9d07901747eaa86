package org.openkcl.local.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.local.conformance.Rows.on;
import static org.openkcl.local.conformance.Stage.OTHER_SHARD;
import static org.openkcl.local.conformance.Stage.SHARD;
import static org.openkcl.local.conformance.Stage.arn;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.model.ListShardsQuery;
import org.openkcl.local.model.NewStream;
import software.amazon.awssdk.services.kinesis.model.CreateStreamRequest;
import software.amazon.awssdk.services.kinesis.model.CreateStreamResponse;
import software.amazon.awssdk.services.kinesis.model.DeleteStreamRequest;
import software.amazon.awssdk.services.kinesis.model.DeleteStreamResponse;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamRequest;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamResponse;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamSummaryRequest;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamSummaryResponse;
import software.amazon.awssdk.services.kinesis.model.EncryptionType;
import software.amazon.awssdk.services.kinesis.model.ExpiredNextTokenException;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.LimitExceededException;
import software.amazon.awssdk.services.kinesis.model.ListShardsRequest;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.ListStreamsRequest;
import software.amazon.awssdk.services.kinesis.model.ListStreamsResponse;
import software.amazon.awssdk.services.kinesis.model.MergeShardsRequest;
import software.amazon.awssdk.services.kinesis.model.MergeShardsResponse;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.ScalingType;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.SplitShardRequest;
import software.amazon.awssdk.services.kinesis.model.SplitShardResponse;
import software.amazon.awssdk.services.kinesis.model.StreamMode;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;
import software.amazon.awssdk.services.kinesis.model.UpdateShardCountRequest;
import software.amazon.awssdk.services.kinesis.model.UpdateShardCountResponse;
import software.amazon.awssdk.services.kinesis.model.ValidationException;

/** Streams and shards. */
final class StreamRows {
  private static final NewStream ON_DEMAND = NewStream.onDemand("new");
  private static final Duration TOKEN_LIFE_AND_MORE = Duration.ofSeconds(301);

  private StreamRows() {}

  static List<Rows> all() {
    return List.of(
        create(),
        delete(),
        describe(),
        summary(),
        listStreams(),
        listShards(),
        split(),
        merge(),
        updateShardCount());
  }

  private static Rows create() {
    return on("CreateStream", (stage, stream) -> newStream("created").build())
        .ok(CreateStreamResponse.class, reply -> {})
        .ok(
            "in on-demand mode with tags",
            stage -> newStream("created")
                .shardCount(null)
                .streamModeDetails(mode -> mode.streamMode(StreamMode.ON_DEMAND))
                .tags(Map.of("team", "blue"))
                .build(),
            CreateStreamResponse.class,
            reply -> {})
        .refuses(
            ResourceInUseException.class,
            "already exists",
            "for a name that is taken",
            stage -> newStream(stage.stream()).build())
        .refuses(
            LimitExceededException.class,
            "would exceed the shard limit for the account 000000000000",
            "beyond the account's shards",
            stage -> newStream("created").shardCount(20_001).build())
        .refuses(
            InvalidArgumentException.class,
            "illegal characters",
            "with a tag that is none",
            stage -> newStream("created").tags(Map.of("*", "")).build())
        .refuses(
            ValidationException.class,
            "ShardCount must not be given",
            "with shards in on-demand mode",
            stage -> newStream("created")
                .streamModeDetails(mode -> mode.streamMode(StreamMode.ON_DEMAND))
                .build());
  }

  private static CreateStreamRequest.Builder newStream(String name) {
    return CreateStreamRequest.builder().streamName(name).shardCount(1);
  }

  private static Rows delete() {
    return on(
            "DeleteStream",
            (stage, stream) -> DeleteStreamRequest.builder().streamName(stream).build())
        .ok(DeleteStreamResponse.class, reply -> {})
        .unknownStream()
        .noStream()
        .deniedByPolicy()
        .throttledByFault()
        .refuses(
            ResourceInUseException.class,
            "consumers",
            "a stream with registered consumers",
            stage -> {
              String stream = stage.stream();
              stage.register(stream, "c");
              return DeleteStreamRequest.builder().streamName(stream).build();
            });
  }

  private static Rows describe() {
    return on(
            "DescribeStream",
            (stage, stream) ->
                DescribeStreamRequest.builder().streamName(stream).build())
        .ok(DescribeStreamResponse.class, reply -> {
          assertThat(reply.streamDescription().streamStatus()).isEqualTo(StreamStatus.ACTIVE);
          assertThat(reply.streamDescription().shards())
              .extracting(Shard::shardId)
              .containsExactly(SHARD, OTHER_SHARD);
          assertThat(reply.streamDescription().retentionPeriodHours()).isEqualTo(24);
          assertThat(reply.streamDescription().encryptionType()).isEqualTo(EncryptionType.NONE);
          assertThat(reply.streamDescription().streamModeDetails().streamMode())
              .isEqualTo(StreamMode.PROVISIONED);
        })
        .unknownStream()
        .noStream()
        .deniedByPolicy()
        .throttledByFault();
  }

  private static Rows summary() {
    return on(
            "DescribeStreamSummary",
            (stage, stream) ->
                DescribeStreamSummaryRequest.builder().streamARN(arn(stream)).build())
        .ok(DescribeStreamSummaryResponse.class, reply -> {
          assertThat(reply.streamDescriptionSummary().openShardCount()).isEqualTo(2);
          assertThat(reply.streamDescriptionSummary().consumerCount()).isZero();
          assertThat(reply.streamDescriptionSummary().keyId()).isNull();
        })
        .unknownStream()
        .noStream()
        .deniedByPolicy()
        .throttledByFault();
  }

  private static Rows listStreams() {
    return on("ListStreams", (stage, stream) -> ListStreamsRequest.builder().build())
        .ok(ListStreamsResponse.class, reply -> {
          assertThat(reply.streamNames()).hasSize(1);
          assertThat(reply.streamSummaries().get(0).streamARN())
              .endsWith("/" + reply.streamNames().get(0));
          assertThat(reply.hasMoreStreams()).isFalse();
          assertThat(reply.nextToken()).isNull();
        })
        .ok(
            "page after page",
            stage -> ListStreamsRequest.builder().nextToken(stage.listing()).build(),
            ListStreamsResponse.class,
            reply -> assertThat(reply.streamNames()).hasSize(1))
        .throttledByFault()
        .refuses(
            InvalidArgumentException.class,
            "Invalid NextToken.",
            "with a token that is none",
            stage -> ListStreamsRequest.builder().nextToken("rubbish").build())
        .refuses(
            ExpiredNextTokenException.class,
            "NextToken",
            "with a token older than 300 seconds",
            stage -> {
              String token = stage.listing();
              stage.clock().advance(TOKEN_LIFE_AND_MORE);
              return ListStreamsRequest.builder().nextToken(token).build();
            });
  }

  private static Rows listShards() {
    return on(
            "ListShards",
            (stage, stream) -> ListShardsRequest.builder().streamName(stream).build())
        .ok(ListShardsResponse.class, reply -> {
          assertThat(reply.shards()).extracting(Shard::shardId).containsExactly(SHARD, OTHER_SHARD);
          assertThat(reply.nextToken()).isNull();
        })
        .unknownStream()
        .noStream()
        .deniedByPolicy()
        .throttledByFault()
        .creatingStream()
        .refuses(
            ExpiredNextTokenException.class,
            "NextToken",
            "with a token older than 300 seconds",
            stage -> {
              ListShardsQuery query = ListShardsQuery.of(stage.stream()).withMaxResults(1);
              String token =
                  stage.cloud().streams(streams -> streams.listShards(query).nextToken());
              stage.clock().advance(TOKEN_LIFE_AND_MORE);
              return ListShardsRequest.builder().nextToken(token).build();
            });
  }

  private static Rows split() {
    return on(
            "SplitShard",
            (stage, stream) -> SplitShardRequest.builder()
                .streamName(stream)
                .shardToSplit(SHARD)
                .newStartingHashKey("100")
                .build())
        .ok(SplitShardResponse.class, reply -> {})
        .unknownStream()
        .noStream()
        .creatingStream()
        .deniedByPolicy()
        .refuses(
            ResourceNotFoundException.class,
            "Could not find shard shardId-000000000009",
            "for a shard that there is not",
            stage -> SplitShardRequest.builder()
                .streamName(stage.stream())
                .shardToSplit("shardId-000000000009")
                .newStartingHashKey("100")
                .build())
        .refuses(
            InvalidArgumentException.class,
            "is not both greater than one plus the shard's StartingHashKey 0",
            "at a hash key outside of the shard",
            stage -> SplitShardRequest.builder()
                .streamName(stage.stream())
                .shardToSplit(SHARD)
                .newStartingHashKey("1")
                .build())
        .refuses(
            LimitExceededException.class,
            "would exceed the shard limit",
            "beyond the account's shards",
            stage -> SplitShardRequest.builder()
                .streamName(stage.active(NewStream.provisioned("new", 20_000)))
                .shardToSplit(SHARD)
                .newStartingHashKey("100")
                .build())
        .refuses(
            ValidationException.class,
            "provisioned capacity mode",
            "in on-demand mode",
            stage -> SplitShardRequest.builder()
                .streamName(stage.active(ON_DEMAND))
                .shardToSplit(SHARD)
                .newStartingHashKey("100")
                .build());
  }

  private static Rows merge() {
    return on(
            "MergeShards",
            (stage, stream) -> MergeShardsRequest.builder()
                .streamName(stream)
                .shardToMerge(SHARD)
                .adjacentShardToMerge(OTHER_SHARD)
                .build())
        .ok(MergeShardsResponse.class, reply -> {})
        .unknownStream()
        .noStream()
        .creatingStream()
        .deniedByPolicy()
        .throttledByFault()
        .refuses(
            InvalidArgumentException.class,
            "are not an adjacent pair of shards eligible for merging",
            "shards that do not adjoin",
            stage -> MergeShardsRequest.builder()
                .streamName(stage.active(NewStream.provisioned("new", 3)))
                .shardToMerge(SHARD)
                .adjacentShardToMerge("shardId-000000000002")
                .build())
        .refuses(
            ValidationException.class,
            "provisioned capacity mode",
            "in on-demand mode",
            stage -> MergeShardsRequest.builder()
                .streamName(stage.active(ON_DEMAND))
                .shardToMerge(SHARD)
                .adjacentShardToMerge(OTHER_SHARD)
                .build());
  }

  private static Rows updateShardCount() {
    return on("UpdateShardCount", (stage, stream) -> shards(stream, 4))
        .ok(UpdateShardCountResponse.class, reply -> {
          assertThat(reply.currentShardCount()).isEqualTo(2);
          assertThat(reply.targetShardCount()).isEqualTo(4);
          assertThat(reply.streamARN()).endsWith("/" + reply.streamName());
        })
        .unknownStream()
        .noStream()
        .creatingStream()
        .deniedByPolicy()
        .refuses(
            InvalidArgumentException.class,
            "UpdateShardCount cannot scale up over double your current open shard count.",
            "to more than double",
            stage -> shards(stage.stream(), 5))
        .refuses(
            LimitExceededException.class,
            "would exceed the shard limit",
            "beyond the account's shards",
            stage -> shards(stage.active(NewStream.provisioned("new", 15_000)), 20_001))
        .refuses(
            ValidationException.class,
            "provisioned capacity mode",
            "in on-demand mode",
            stage -> shards(stage.active(ON_DEMAND), 4));
  }

  private static UpdateShardCountRequest shards(@Nullable String stream, int target) {
    return UpdateShardCountRequest.builder()
        .streamName(stream)
        .targetShardCount(target)
        .scalingType(ScalingType.UNIFORM_SCALING)
        .build();
  }
}
