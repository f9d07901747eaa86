package org.openkcl.peers;

import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a peer is started with. */
@Command(
    name = "peer",
    mixinStandardHelpOptions = true,
    description = "One worker of Amazon's Kinesis Client Library.")
final class PeerOptions {
  /** Where the worker starts in shards that have no checkpoint. */
  enum Position {
    TRIM_HORIZON,
    LATEST
  }

  @Option(names = "--kinesis", required = true, description = "endpoint of Kinesis")
  URI kinesis;

  @Option(names = "--dynamodb", required = true, description = "endpoint of DynamoDB")
  URI dynamoDb;

  @Option(
      names = "--cloudwatch",
      description = "endpoint of CloudWatch; without it no metrics are sent")
  URI cloudWatch;

  @Option(names = "--region", defaultValue = "us-east-1")
  String region;

  @Option(names = "--application", required = true, description = "also names the lease table")
  String application;

  @Option(
      names = "--stream",
      required = true,
      description = "the stream's name; or, for one worker on several streams,"
          + " ACCOUNT:NAME:CREATION_EPOCH of each with commas between")
  String stream;

  @Option(names = "--worker", required = true, description = "the worker's id")
  String worker;

  @Option(names = "--fan-out", description = "SubscribeToShard in place of GetRecords")
  boolean fanOut;

  @Option(names = "--initial-position", defaultValue = "TRIM_HORIZON")
  Position initialPosition;

  @Option(
      names = "--at-timestamp",
      paramLabel = "INSTANT",
      description = "starts there in shards that have no checkpoint: 2026-11-24T12:00:00Z")
  Instant atTimestamp;

  @Option(
      names = "--prepare-only",
      description = "prepares checkpoints, with application state, and never makes one final")
  boolean prepareOnly;

  @Option(
      names = "--processing-millis",
      defaultValue = "0",
      description = "how long each batch takes to process")
  long processingMillis;

  @Option(
      names = "--set",
      paramLabel = "CONFIG.SETTER=VALUE",
      description = "a setting of the library, such as leaseManagement.failoverTimeMillis=2000;"
          + " CONFIG is checkpoint, coordinator, leaseManagement, lifecycle, metrics, processor,"
          + " retrieval or polling")
  Map<String, String> settings = new LinkedHashMap<>();

  boolean isMultiStream() {
    return stream.contains(":");
  }
}
