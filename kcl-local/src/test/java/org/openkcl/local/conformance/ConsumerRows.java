package org.openkcl.local.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.local.conformance.Rows.on;
import static org.openkcl.local.conformance.Stage.SHARD;
import static org.openkcl.local.conformance.Stage.arn;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.model.Consumer;
import software.amazon.awssdk.services.kinesis.model.DeregisterStreamConsumerRequest;
import software.amazon.awssdk.services.kinesis.model.DeregisterStreamConsumerResponse;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamConsumerRequest;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamConsumerResponse;
import software.amazon.awssdk.services.kinesis.model.ExpiredNextTokenException;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.LimitExceededException;
import software.amazon.awssdk.services.kinesis.model.ListStreamConsumersRequest;
import software.amazon.awssdk.services.kinesis.model.ListStreamConsumersResponse;
import software.amazon.awssdk.services.kinesis.model.RegisterStreamConsumerRequest;
import software.amazon.awssdk.services.kinesis.model.RegisterStreamConsumerResponse;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardRequest;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponse;

/** Registered consumers. */
final class ConsumerRows {
  private static final String NONE_GIVEN =
      "Either ConsumerARN, or StreamARN and ConsumerName, must be provided.";

  private ConsumerRows() {}

  static List<Rows> all() {
    return List.of(register(), deregister(), describe(), list(), subscribe());
  }

  private static Rows register() {
    return on("RegisterStreamConsumer", (stage, stream) -> register(stream).build())
        .ok(RegisterStreamConsumerResponse.class, reply -> {
          assertThat(reply.consumer().consumerName()).isEqualTo("c");
          assertThat(reply.consumer().consumerARN()).contains("/consumer/c:");
          assertThat(reply.consumer().consumerCreationTimestamp()).isNotNull();
        })
        .unknownStream()
        .refuses(
            ResourceInUseException.class, "already exists", "for a name that is taken", stage -> {
              String stream = stage.stream();
              stage.register(stream, "c");
              return register(stream).build();
            })
        .refuses(
            LimitExceededException.class,
            "cannot have more than 20",
            "beyond 20 consumers",
            stage -> {
              String stream = stage.stream();
              for (int i = 0; i < 20; i++) {
                stage.register(stream, "c" + i);
              }
              return register(stream).build();
            })
        .refuses(
            InvalidArgumentException.class,
            "illegal characters",
            "with a tag that is none",
            stage -> register(stage.stream()).tags(Map.of("a*b", "")).build());
  }

  private static RegisterStreamConsumerRequest.Builder register(@Nullable String stream) {
    return RegisterStreamConsumerRequest.builder().streamARN(arn(stream)).consumerName("c");
  }

  private static Rows deregister() {
    return on(
            "DeregisterStreamConsumer",
            (stage, stream) -> DeregisterStreamConsumerRequest.builder()
                .consumerARN(stage.consumer(stream))
                .build())
        .ok(DeregisterStreamConsumerResponse.class, reply -> {})
        .throttledByFault()
        .refuses(
            ResourceNotFoundException.class,
            "Consumer c of Stream",
            "for a consumer that there is not",
            stage -> DeregisterStreamConsumerRequest.builder()
                .streamARN(arn(stage.stream()))
                .consumerName("c")
                .build())
        .refuses(
            InvalidArgumentException.class,
            NONE_GIVEN,
            "without a consumer",
            stage -> DeregisterStreamConsumerRequest.builder().build());
  }

  private static Rows describe() {
    return on(
            "DescribeStreamConsumer",
            (stage, stream) -> DescribeStreamConsumerRequest.builder()
                .consumerARN(stage.consumer(stream))
                .build())
        .ok(DescribeStreamConsumerResponse.class, reply -> {
          assertThat(reply.consumerDescription().consumerName()).isEqualTo("c");
          assertThat(reply.consumerDescription().consumerARN())
              .startsWith(reply.consumerDescription().streamARN() + "/consumer/c:");
        })
        .throttledByFault()
        .refuses(
            ResourceNotFoundException.class,
            "Consumer c of Stream",
            "for a consumer that there is not",
            stage -> DescribeStreamConsumerRequest.builder()
                .streamARN(arn(stage.stream()))
                .consumerName("c")
                .build())
        .refuses(
            InvalidArgumentException.class,
            NONE_GIVEN,
            "without a consumer",
            stage -> DescribeStreamConsumerRequest.builder().build());
  }

  private static Rows list() {
    return on(
            "ListStreamConsumers",
            (stage, stream) ->
                ListStreamConsumersRequest.builder().streamARN(arn(stream)).build())
        .ok(
            "with one consumer a page",
            stage -> {
              String stream = stage.stream();
              stage.register(stream, "a");
              stage.register(stream, "b");
              return ListStreamConsumersRequest.builder()
                  .streamARN(arn(stream))
                  .maxResults(1)
                  .build();
            },
            ListStreamConsumersResponse.class,
            reply -> {
              assertThat(reply.consumers()).extracting(Consumer::consumerName).containsExactly("a");
              assertThat(reply.nextToken()).isNotEmpty();
            })
        .unknownStream()
        .throttledByFault()
        .never(ResourceInUseException.class, "consumers can be listed in every state of a stream")
        .refuses(
            InvalidArgumentException.class,
            "Invalid NextToken.",
            "with a token that is none",
            stage -> ListStreamConsumersRequest.builder()
                .streamARN(arn(stage.stream()))
                .nextToken("rubbish")
                .build())
        .refuses(
            ExpiredNextTokenException.class,
            "NextToken",
            "with a token older than 300 seconds",
            stage -> {
              String stream = stage.stream();
              stage.register(stream, "a");
              stage.register(stream, "b");
              String token = stage
                  .cloud()
                  .streams(streams -> streams.consumers().list(stream, null, 1).nextToken());
              stage.clock().advance(Duration.ofSeconds(301));
              return ListStreamConsumersRequest.builder()
                  .streamARN(arn(stream))
                  .nextToken(token)
                  .build();
            });
  }

  private static Rows subscribe() {
    return on(
            "SubscribeToShard",
            (stage, stream) -> subscribe(stage.consumer(stream), ShardIteratorType.TRIM_HORIZON))
        .ok(SubscribeToShardResponse.class, reply -> {})
        .deniedByPolicy()
        .throttledByFault()
        .refuses(
            ResourceNotFoundException.class,
            "not found",
            "for a consumer that there is not",
            stage -> subscribe(
                arn(stage.stream()) + "/consumer/c:1893456000", ShardIteratorType.TRIM_HORIZON))
        .refuses(
            InvalidArgumentException.class,
            "SequenceNumber",
            "at a sequence number that is missing",
            stage ->
                subscribe(stage.consumer(stage.stream()), ShardIteratorType.AT_SEQUENCE_NUMBER))
        .refuses(
            ResourceInUseException.class,
            "subscription",
            "within 5 seconds of another subscription",
            stage -> {
              String consumer = stage.consumer(stage.stream());
              stage.subscribe(consumer);
              return subscribe(consumer, ShardIteratorType.TRIM_HORIZON);
            });
  }

  private static SubscribeToShardRequest subscribe(String consumer, ShardIteratorType type) {
    return SubscribeToShardRequest.builder()
        .consumerARN(consumer)
        .shardId(SHARD)
        .startingPosition(position -> position.type(type))
        .build();
  }
}
