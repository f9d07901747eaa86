package org.openkcl.local.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.local.conformance.Rows.on;
import static org.openkcl.local.conformance.Stage.SHARD;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.model.EncryptionType;
import software.amazon.awssdk.services.kinesis.model.ExpiredIteratorException;
import software.amazon.awssdk.services.kinesis.model.GetRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorResponse;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.PutRecordRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** Putting and reading records. */
final class RecordRows {
  private static final SdkBytes DATA = SdkBytes.fromUtf8String("data");

  private RecordRows() {}

  static List<Rows> all() {
    return List.of(put(), putAll(), iterator(), read());
  }

  private static Rows put() {
    return on("PutRecord", (stage, stream) -> record(stream).build())
        .ok(PutRecordResponse.class, reply -> {
          assertThat(reply.shardId()).isEqualTo(SHARD);
          assertThat(reply.sequenceNumber()).matches("\\d{56}");
          assertThat(reply.encryptionType()).isEqualTo(EncryptionType.NONE);
        })
        .ok(
            "with encryption",
            stage -> record(encrypted(stage.with(stage.newKey()))).build(),
            PutRecordResponse.class,
            reply -> assertThat(reply.encryptionType()).isEqualTo(EncryptionType.KMS))
        .unknownStream()
        .noStream()
        .deniedByPolicy()
        .shardThrottledByFault()
        .failsByFault()
        .keyTroubles((stage, stream) -> record(encrypted(stage, stream)).build())
        .refuses(
            InvalidArgumentException.class,
            "ExplicitHashKey",
            "with a hash key beyond 2^128",
            stage -> record(stage.stream())
                .explicitHashKey("340282366920938463463374607431768211456")
                .build());
  }

  private static PutRecordRequest.Builder record(@Nullable String stream) {
    return PutRecordRequest.builder()
        .streamName(stream)
        .partitionKey("k")
        .explicitHashKey("0")
        .data(DATA);
  }

  private static Rows putAll() {
    return on("PutRecords", (stage, stream) -> records(stream))
        .ok(PutRecordsResponse.class, reply -> {
          assertThat(reply.failedRecordCount()).isZero();
          assertThat(reply.records()).hasSize(2);
          assertThat(reply.records().get(1).shardId()).isEqualTo(SHARD);
          assertThat(reply.encryptionType()).isEqualTo(EncryptionType.NONE);
        })
        .unknownStream()
        .noStream()
        .deniedByPolicy()
        .shardThrottledByFault()
        .failsByFault()
        .keyTroubles((stage, stream) -> records(encrypted(stage, stream)));
  }

  private static PutRecordsRequest records(@Nullable String stream) {
    PutRecordsRequestEntry entry = PutRecordsRequestEntry.builder()
        .partitionKey("k")
        .explicitHashKey("0")
        .data(DATA)
        .build();
    return PutRecordsRequest.builder().streamName(stream).records(entry, entry).build();
  }

  private static Rows iterator() {
    return on(
            "GetShardIterator",
            (stage, stream) -> GetShardIteratorRequest.builder()
                .streamName(stream)
                .shardId(SHARD)
                .shardIteratorType(ShardIteratorType.LATEST)
                .build())
        .ok(
            GetShardIteratorResponse.class,
            reply -> assertThat(reply.shardIterator()).isNotEmpty())
        .unknownStream()
        .noStream()
        .deniedByPolicy()
        .shardThrottledByFault()
        .failsByFault()
        .refuses(
            ResourceNotFoundException.class,
            "Shard shardId-000000000009 in stream",
            "for a shard that there is not",
            stage -> GetShardIteratorRequest.builder()
                .streamName(stage.stream())
                .shardId("shardId-000000000009")
                .shardIteratorType(ShardIteratorType.LATEST)
                .build())
        .refuses(
            InvalidArgumentException.class,
            "is invalid because it did not come from this stream",
            "at a number of another stream",
            stage -> GetShardIteratorRequest.builder()
                .streamName(stage.stream())
                .shardId(SHARD)
                .shardIteratorType(ShardIteratorType.AT_SEQUENCE_NUMBER)
                .startingSequenceNumber("49590338271490256608559692538361571095921575989136588898")
                .build());
  }

  private static Rows read() {
    return on("GetRecords", (stage, stream) -> read(stage.iterator(Objects.requireNonNull(stream))))
        .ok(GetRecordsResponse.class, reply -> {
          assertThat(reply.records()).isEmpty();
          assertThat(reply.nextShardIterator()).isNotEmpty();
          assertThat(reply.millisBehindLatest()).isZero();
        })
        .ok(
            "with encrypted records",
            stage -> {
              String stream = encrypted(stage.with(stage.newKey()));
              stage.put(stream);
              return read(stage.iterator(stream));
            },
            GetRecordsResponse.class,
            reply -> {
              assertThat(reply.records()).hasSize(1);
              assertThat(reply.records().get(0).encryptionType()).isEqualTo(EncryptionType.KMS);
            })
        .deniedByPolicy()
        .shardThrottledByFault()
        .failsByFault()
        .keyTroubles((stage, stream) -> {
          String encrypted = Objects.requireNonNull(encrypted(stage, stream));
          stage.put(encrypted);
          return read(stage.iterator(encrypted));
        })
        .refuses(
            ResourceNotFoundException.class, "not found", "after the stream was deleted", stage -> {
              String stream = stage.stream();
              String iterator = stage.iterator(stream);
              stage.cloud().changeStreams(streams -> streams.deleteStream(stream));
              return read(iterator);
            })
        .refuses(
            InvalidArgumentException.class,
            "Invalid ShardIterator.",
            "with an iterator that is none",
            stage -> read("rubbish"))
        .refuses(
            ExpiredIteratorException.class,
            "Iterator expired. The iterator was created at time",
            "with an iterator older than 300 seconds",
            stage -> {
              String iterator = stage.iterator(stage.stream());
              stage.clock().advance(Duration.ofSeconds(301));
              return read(iterator);
            });
  }

  private static GetRecordsRequest read(String iterator) {
    return GetRecordsRequest.builder().shardIterator(iterator).build();
  }

  private static String encrypted(Stage stage) {
    String stream = stage.stream();
    stage.encrypt(stream);
    return stream;
  }

  private static @Nullable String encrypted(Stage stage, @Nullable String stream) {
    if (stream != null) {
      stage.encrypt(stream);
    }
    return stream;
  }
}
