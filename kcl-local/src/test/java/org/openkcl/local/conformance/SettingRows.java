package org.openkcl.local.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.local.conformance.Rows.on;
import static org.openkcl.local.conformance.Stage.arn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.model.KeyRegistry;
import org.openkcl.local.model.NewStream;
import software.amazon.awssdk.services.kinesis.model.DecreaseStreamRetentionPeriodRequest;
import software.amazon.awssdk.services.kinesis.model.DecreaseStreamRetentionPeriodResponse;
import software.amazon.awssdk.services.kinesis.model.DisableEnhancedMonitoringRequest;
import software.amazon.awssdk.services.kinesis.model.DisableEnhancedMonitoringResponse;
import software.amazon.awssdk.services.kinesis.model.EnableEnhancedMonitoringRequest;
import software.amazon.awssdk.services.kinesis.model.EnableEnhancedMonitoringResponse;
import software.amazon.awssdk.services.kinesis.model.EncryptionType;
import software.amazon.awssdk.services.kinesis.model.IncreaseStreamRetentionPeriodRequest;
import software.amazon.awssdk.services.kinesis.model.IncreaseStreamRetentionPeriodResponse;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.LimitExceededException;
import software.amazon.awssdk.services.kinesis.model.MetricsName;
import software.amazon.awssdk.services.kinesis.model.StartStreamEncryptionRequest;
import software.amazon.awssdk.services.kinesis.model.StartStreamEncryptionResponse;
import software.amazon.awssdk.services.kinesis.model.StopStreamEncryptionRequest;
import software.amazon.awssdk.services.kinesis.model.StopStreamEncryptionResponse;
import software.amazon.awssdk.services.kinesis.model.StreamMode;
import software.amazon.awssdk.services.kinesis.model.UpdateMaxRecordSizeRequest;
import software.amazon.awssdk.services.kinesis.model.UpdateMaxRecordSizeResponse;
import software.amazon.awssdk.services.kinesis.model.UpdateStreamModeRequest;
import software.amazon.awssdk.services.kinesis.model.UpdateStreamModeResponse;
import software.amazon.awssdk.services.kinesis.model.UpdateStreamWarmThroughputRequest;
import software.amazon.awssdk.services.kinesis.model.UpdateStreamWarmThroughputResponse;
import software.amazon.awssdk.services.kinesis.model.ValidationException;

/** What can be set on a stream. */
final class SettingRows {
  private static final NewStream ON_DEMAND = NewStream.onDemand("new");

  private SettingRows() {}

  static List<Rows> all() {
    return List.of(
        increase(),
        decrease(),
        startEncryption(),
        stopEncryption(),
        enableMonitoring(),
        disableMonitoring(),
        updateMode(),
        maxRecordSize(),
        warm());
  }

  private static Rows increase() {
    return on("IncreaseStreamRetentionPeriod", (stage, stream) -> increase(stream, 48))
        .ok(IncreaseStreamRetentionPeriodResponse.class, reply -> {})
        .unknownStream()
        .noStream()
        .creatingStream()
        .deniedByPolicy()
        .throttledByFault()
        .refuses(
            InvalidArgumentException.class,
            "Maximum allowed retention period is 8760 hours.",
            "to more than a year",
            stage -> increase(stage.stream(), 8_761));
  }

  private static IncreaseStreamRetentionPeriodRequest increase(@Nullable String stream, int hours) {
    return IncreaseStreamRetentionPeriodRequest.builder()
        .streamName(stream)
        .retentionPeriodHours(hours)
        .build();
  }

  private static Rows decrease() {
    return on("DecreaseStreamRetentionPeriod", (stage, stream) -> decrease(stream, 24))
        .ok(DecreaseStreamRetentionPeriodResponse.class, reply -> {})
        .unknownStream()
        .noStream()
        .creatingStream()
        .deniedByPolicy()
        .throttledByFault()
        .refuses(
            InvalidArgumentException.class,
            "can not be longer than existing retention period (24 hours)",
            "to more than there was",
            stage -> decrease(stage.stream(), 25));
  }

  private static DecreaseStreamRetentionPeriodRequest decrease(@Nullable String stream, int hours) {
    return DecreaseStreamRetentionPeriodRequest.builder()
        .streamName(stream)
        .retentionPeriodHours(hours)
        .build();
  }

  private static Rows startEncryption() {
    return on(
            "StartStreamEncryption",
            (stage, stream) -> start(stream, EncryptionType.KMS, KeyRegistry.SERVICE_ALIAS))
        .ok(StartStreamEncryptionResponse.class, reply -> {})
        .unknownStream()
        .noStream()
        .creatingStream()
        .deniedByPolicy()
        .throttledByFault()
        .keyTroubles((stage, stream) -> start(stream, EncryptionType.KMS, stage.key()))
        .refuses(
            InvalidArgumentException.class,
            "EncryptionType must be KMS",
            "with encryption by nothing",
            stage -> start(stage.stream(), EncryptionType.NONE, KeyRegistry.SERVICE_ALIAS));
  }

  private static StartStreamEncryptionRequest start(
      @Nullable String stream, EncryptionType type, String key) {
    return StartStreamEncryptionRequest.builder()
        .streamName(stream)
        .encryptionType(type)
        .keyId(key)
        .build();
  }

  private static Rows stopEncryption() {
    return on(
            "StopStreamEncryption",
            (stage, stream) -> StopStreamEncryptionRequest.builder()
                .streamName(stream)
                .encryptionType(EncryptionType.KMS)
                .keyId(KeyRegistry.SERVICE_ALIAS)
                .build())
        .ok(StopStreamEncryptionResponse.class, reply -> {})
        .unknownStream()
        .noStream()
        .creatingStream()
        .deniedByPolicy()
        .throttledByFault();
  }

  private static Rows enableMonitoring() {
    return on(
            "EnableEnhancedMonitoring",
            (stage, stream) -> EnableEnhancedMonitoringRequest.builder()
                .streamName(stream)
                .shardLevelMetrics(MetricsName.ALL)
                .build())
        .ok(EnableEnhancedMonitoringResponse.class, reply -> {
          assertThat(reply.currentShardLevelMetrics()).isEmpty();
          assertThat(reply.desiredShardLevelMetrics()).hasSize(7);
          assertThat(reply.streamARN()).endsWith("/" + reply.streamName());
        })
        .unknownStream()
        .noStream()
        .creatingStream()
        .deniedByPolicy()
        .throttledByFault();
  }

  private static Rows disableMonitoring() {
    return on(
            "DisableEnhancedMonitoring",
            (stage, stream) -> DisableEnhancedMonitoringRequest.builder()
                .streamName(stream)
                .shardLevelMetrics(MetricsName.INCOMING_BYTES)
                .build())
        .ok(
            DisableEnhancedMonitoringResponse.class,
            reply -> assertThat(reply.desiredShardLevelMetrics()).isEmpty())
        .unknownStream()
        .noStream()
        .creatingStream()
        .deniedByPolicy()
        .throttledByFault();
  }

  private static Rows updateMode() {
    return on("UpdateStreamMode", (stage, stream) -> mode(stream, StreamMode.ON_DEMAND, null))
        .ok(UpdateStreamModeResponse.class, reply -> {})
        .unknownStream()
        .creatingStream()
        .refuses(
            ValidationException.class,
            "only supported for the on-demand capacity mode",
            "to provisioned with a warm throughput",
            stage -> mode(stage.stream(), StreamMode.PROVISIONED, 10))
        .refuses(
            InvalidArgumentException.class,
            "WarmThroughputMiBps must be at most 10240",
            "with a warm throughput of more than 10 GiB/s",
            stage -> {
              stage.cloud().changeStreams(streams -> streams.control().account().enable());
              return mode(stage.stream(), StreamMode.ON_DEMAND, 10_241);
            })
        .refuses(
            LimitExceededException.class,
            "50 on-demand streams",
            "beyond 50 on-demand streams",
            stage -> {
              for (int i = 0; i < 50; i++) {
                stage.creating(ON_DEMAND);
              }
              return mode(stage.stream(), StreamMode.ON_DEMAND, null);
            });
  }

  private static UpdateStreamModeRequest mode(
      @Nullable String stream, StreamMode mode, @Nullable Integer warmThroughput) {
    return UpdateStreamModeRequest.builder()
        .streamARN(arn(stream))
        .streamModeDetails(details -> details.streamMode(mode))
        .warmThroughputMiBps(warmThroughput)
        .build();
  }

  private static Rows maxRecordSize() {
    return on("UpdateMaxRecordSize", (stage, stream) -> maxRecordSize(stream, 2_048))
        .ok(UpdateMaxRecordSizeResponse.class, reply -> {})
        .unknownStream()
        .creatingStream()
        .deniedByPolicy()
        .throttledByFault()
        .refuses(
            ValidationException.class,
            "have value between 1024 and 10240",
            "to more than 10 MiB",
            stage -> maxRecordSize(stage.stream(), 10_241))
        .never(
            InvalidArgumentException.class,
            "a malformed ARN and a size out of bounds are both ValidationExceptions");
  }

  private static UpdateMaxRecordSizeRequest maxRecordSize(@Nullable String stream, int kib) {
    return UpdateMaxRecordSizeRequest.builder()
        .streamARN(arn(stream))
        .maxRecordSizeInKiB(kib)
        .build();
  }

  private static Rows warm() {
    return on("UpdateStreamWarmThroughput", (stage, stream) -> warm(stream, 6))
        .about(ON_DEMAND)
        .ok(UpdateStreamWarmThroughputResponse.class, reply -> {
          assertThat(reply.warmThroughput().targetMiBps()).isEqualTo(6);
          assertThat(reply.warmThroughput().currentMiBps()).isEqualTo(6);
        })
        .unknownStream()
        .noStream()
        .creatingStream()
        .deniedByPolicy()
        .refuses(
            LimitExceededException.class,
            "would exceed the shard limit",
            "beyond the account's shards",
            stage -> {
              stage.active(NewStream.provisioned("new", 19_990));
              return warm(stage.active(ON_DEMAND), 11);
            })
        .refuses(
            ValidationException.class,
            "only supported for data streams with the on-demand capacity mode",
            "in provisioned mode",
            stage -> warm(stage.stream(), 6));
  }

  private static UpdateStreamWarmThroughputRequest warm(@Nullable String stream, int mibps) {
    return UpdateStreamWarmThroughputRequest.builder()
        .streamName(stream)
        .warmThroughputMiBps(mibps)
        .build();
  }
}
