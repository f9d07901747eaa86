package org.openkcl.local.http;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.http.Operation.Question;
import org.openkcl.local.model.AccountLimits;
import org.openkcl.local.model.AccountSettings.Commitment;
import org.openkcl.local.model.ShardLevelMetric;
import org.openkcl.local.model.StreamDescription;
import org.openkcl.local.model.StreamMode;
import org.openkcl.local.model.StreamNames;
import org.openkcl.local.model.StreamSettings.MonitoringChange;

/** Retention, encryption, capacity mode and monitoring of streams, and the account's settings. */
final class SettingsOperations {
  static final Map<String, Operation> ALL = Map.ofEntries(
      Map.entry("IncreaseStreamRetentionPeriod", SettingsOperations::increaseRetention),
      Map.entry("DecreaseStreamRetentionPeriod", SettingsOperations::decreaseRetention),
      Map.entry("StartStreamEncryption", SettingsOperations::startEncryption),
      Map.entry("StopStreamEncryption", SettingsOperations::stopEncryption),
      Map.entry("UpdateMaxRecordSize", SettingsOperations::updateMaxRecordSize),
      Map.entry("UpdateStreamMode", SettingsOperations::updateMode),
      Map.entry("UpdateStreamWarmThroughput", SettingsOperations::updateWarmThroughput),
      Map.entry("EnableEnhancedMonitoring", SettingsOperations::enableMonitoring),
      Map.entry("DisableEnhancedMonitoring", SettingsOperations::disableMonitoring),
      Map.entry("DescribeLimits", SettingsOperations::limits),
      Map.entry("DescribeAccountSettings", SettingsOperations::accountSettings),
      Map.entry("UpdateAccountSettings", SettingsOperations::updateAccountSettings));

  private SettingsOperations() {}

  private static Question increaseRetention(Params in) {
    String name = in.streamName();
    int hours = in.integer("RetentionPeriodHours");
    return streams -> {
      streams.control().settings().increaseRetention(name, hours);
      return ReplyBody.EMPTY;
    };
  }

  private static Question decreaseRetention(Params in) {
    String name = in.streamName();
    int hours = in.integer("RetentionPeriodHours");
    return streams -> {
      streams.control().settings().decreaseRetention(name, hours);
      return ReplyBody.EMPTY;
    };
  }

  private static Question updateMaxRecordSize(Params in) {
    String name = in.streamName();
    int kib = in.integer("MaxRecordSizeInKiB");
    return streams -> {
      streams.control().settings().updateMaxRecordSize(name, kib);
      return ReplyBody.EMPTY;
    };
  }

  private static Question startEncryption(Params in) {
    String name = in.streamName();
    String type = in.text("EncryptionType");
    String keyId = in.text("KeyId");
    return streams -> {
      streams.control().encryption().start(name, type, keyId);
      return ReplyBody.EMPTY;
    };
  }

  private static Question stopEncryption(Params in) {
    String name = in.streamName();
    String type = in.text("EncryptionType");
    String keyId = in.text("KeyId");
    return streams -> {
      streams.control().encryption().stop(name, type, keyId);
      return ReplyBody.EMPTY;
    };
  }

  private static Question updateMode(Params in) {
    String name = StreamNames.fromArn(in.text("StreamARN"));
    StreamMode mode = mode(in.object("StreamModeDetails"));
    Integer warmThroughput = in.integerOrNull("WarmThroughputMiBps");
    return streams -> {
      streams.control().modes().update(name, mode, warmThroughput);
      return ReplyBody.EMPTY;
    };
  }

  /** The mode in a request; provisioned when it has none. */
  static StreamMode mode(@Nullable Params details) {
    return details == null
        ? StreamMode.PROVISIONED
        : ShardOperations.choice(
            StreamMode.class, "streamModeDetails.streamMode", details.text("StreamMode"));
  }

  private static Question updateWarmThroughput(Params in) {
    String name = in.streamName();
    int mibps = in.integer("WarmThroughputMiBps");
    return streams -> {
      StreamDescription stream = streams.control().modes().warm(name, mibps);
      return out -> {
        out.text("StreamName", stream.name());
        out.text("StreamARN", stream.arn());
        writeWarmThroughput(out, stream);
      };
    };
  }

  static void writeWarmThroughput(ReplyWriter out, StreamDescription stream) throws IOException {
    Integer mibps = stream.features().warmThroughputMiBps();
    if (mibps != null) {
      out.object("WarmThroughput", warm -> {
        warm.number("TargetMiBps", mibps);
        warm.number("CurrentMiBps", stream.openShardCount());
      });
    }
  }

  private static Question enableMonitoring(Params in) {
    String name = in.streamName();
    List<String> metrics = in.texts("ShardLevelMetrics");
    return streams -> reply(name, streams.control().settings().enableMonitoring(name, metrics));
  }

  private static Question disableMonitoring(Params in) {
    String name = in.streamName();
    List<String> metrics = in.texts("ShardLevelMetrics");
    return streams -> reply(name, streams.control().settings().disableMonitoring(name, metrics));
  }

  private static ReplyBody reply(String name, MonitoringChange change) {
    return out -> {
      out.text("StreamName", name);
      out.text("StreamARN", StreamNames.arn(name));
      out.texts("CurrentShardLevelMetrics", names(change.before()));
      out.texts("DesiredShardLevelMetrics", names(change.after()));
    };
  }

  static List<String> names(List<ShardLevelMetric> metrics) {
    return metrics.stream().map(ShardLevelMetric::apiName).toList();
  }

  private static Question limits(Params in) {
    return streams -> {
      AccountLimits limits = streams.limits();
      return out -> {
        out.number("ShardLimit", limits.shardLimit());
        out.number("OpenShardCount", limits.openShardCount());
        out.number("OnDemandStreamCount", limits.onDemandStreamCount());
        out.number("OnDemandStreamCountLimit", limits.onDemandStreamCountLimit());
      };
    };
  }

  private static Question accountSettings(Params in) {
    return streams -> reply(streams.control().account().commitment());
  }

  private static Question updateAccountSettings(Params in) {
    String status = in.object("MinimumThroughputBillingCommitment").text("Status");
    CommitmentChange change = ShardOperations.choice(
        CommitmentChange.class, "minimumThroughputBillingCommitment.status", status);
    return streams -> reply(
        change == CommitmentChange.ENABLED
            ? streams.control().account().enable()
            : streams.control().account().disable());
  }

  private enum CommitmentChange {
    ENABLED,
    DISABLED
  }

  private static ReplyBody reply(Commitment commitment) {
    return out -> out.object("MinimumThroughputBillingCommitment", members -> {
      members.text("Status", commitment.status());
      members.timeOrNone("StartedAt", commitment.startedAt());
      members.timeOrNone("EndedAt", commitment.endedAt());
      members.timeOrNone("EarliestAllowedEndAt", commitment.earliestAllowedEndAt());
    });
  }
}
