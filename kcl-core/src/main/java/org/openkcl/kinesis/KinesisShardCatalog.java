package org.openkcl.kinesis;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.leases.HashKeyRange;
import org.openkcl.lineage.Shard;
import org.openkcl.lineage.ShardCatalog;
import org.openkcl.lineage.ShardSelection;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.lineage.StreamFailure.Kind;
import org.openkcl.lineage.StreamState;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamSummaryResponse;
import software.amazon.awssdk.services.kinesis.model.ListShardsRequest;
import software.amazon.awssdk.services.kinesis.model.ShardFilter;
import software.amazon.awssdk.services.kinesis.model.ShardFilterType;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;

/**
 * Asks Kinesis about a stream with DescribeStreamSummary and ListShards. The service answers 20 and
 * 100 of them a second per account and stream; a refusal for that reason is asked again up to
 * {@value #ATTEMPTS} times, 0.25 s to 4 s apart, then reported as throttled. A listing whose page
 * token expires begins again.
 *
 * <p>Thread-safe; stages complete on a thread of the client.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListShards.html">ListShards</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStreamSummary.html">DescribeStreamSummary</a>
 */
public final class KinesisShardCatalog implements ShardCatalog {
  private static final int ATTEMPTS = 8;
  private static final long FIRST_DELAY_MILLIS = 250;
  private static final int MAX_DOUBLINGS = 4;
  private static final int SHARDS_PER_PAGE = 1_000;

  private final Environment environment;
  private final EventLoop loop;
  private final KinesisAsyncClient client;
  private final StreamAddress stream;
  private final KinesisFailures failures;

  /**
   * @param environment the worker's
   * @param loop times the retries
   * @param client is not closed by this
   */
  public KinesisShardCatalog(
      Environment environment, EventLoop loop, KinesisAsyncClient client, StreamAddress stream) {
    this.environment = environment;
    this.loop = loop;
    this.client = client;
    this.stream = stream;
    this.failures = new KinesisFailures(stream, client.serviceClientConfiguration());
  }

  @Override
  public CompletionStage<StreamState> describe() {
    return retrying(
        1,
        Kind.THROTTLED,
        () -> client
            .describeStreamSummary(
                request -> request.streamName(stream.nameUnlessArn()).streamARN(stream.arn()))
            .thenApply(this::stateOf));
  }

  @Override
  public CompletionStage<List<Shard>> list(ShardSelection selection) {
    return retrying(1, Kind.EXPIRED_ITERATOR, () -> page(selection, null, new ArrayList<>()));
  }

  private CompletableFuture<List<Shard>> page(
      ShardSelection selection, @Nullable String token, List<Shard> before) {
    return retrying(1, Kind.THROTTLED, () -> client.listShards(pageRequest(selection, token)))
        .thenCompose(response -> {
          response.shards().forEach(each -> before.add(shardOf(each)));
          String next = response.nextToken();
          return next == null
              ? CompletableFuture.completedFuture(List.copyOf(before))
              : page(selection, next, before);
        });
  }

  /** The first page names the stream and the selection, the others only the page. */
  private ListShardsRequest pageRequest(ShardSelection selection, @Nullable String token) {
    ListShardsRequest.Builder request =
        ListShardsRequest.builder().maxResults(SHARDS_PER_PAGE).streamARN(stream.arn());
    return token != null
        ? request.nextToken(token).build()
        : request
            .streamName(stream.nameUnlessArn())
            .shardFilter(filterOf(selection))
            .build();
  }

  private static @Nullable ShardFilter filterOf(ShardSelection selection) {
    ShardFilterType type = switch (selection.kind()) {
      case ALL -> null;
      case AT_LATEST -> ShardFilterType.AT_LATEST;
      case AT_TRIM_HORIZON -> ShardFilterType.AT_TRIM_HORIZON;
      case AT_TIMESTAMP -> ShardFilterType.AT_TIMESTAMP;
    };
    return type == null
        ? null
        : ShardFilter.builder().type(type).timestamp(selection.timestamp()).build();
  }

  private <T> CompletableFuture<T> retrying(
      int attempt, Kind worthAnother, Supplier<CompletableFuture<T>> request) {
    return request
        .get()
        .handle((reply, thrown) -> {
          if (thrown == null) {
            return CompletableFuture.completedFuture(reply);
          }
          StreamFailure failure = failures.of(thrown, null);
          return failure.kind() == worthAnother && attempt < ATTEMPTS
              ? later(attempt).thenCompose(done -> retrying(attempt + 1, worthAnother, request))
              : CompletableFuture.<T>failedFuture(failure);
        })
        .thenCompose(stage -> stage);
  }

  private CompletableFuture<Void> later(int attempt) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    loop.execute(() -> {
      long delay = FIRST_DELAY_MILLIS << Math.min(attempt - 1, MAX_DOUBLINGS);
      double jitter = 1 - environment.random().nextDouble() / 2;
      loop.schedule(Duration.ofMillis((long) (delay * jitter)), () -> over.complete(null));
    });
    return over;
  }

  private StreamState stateOf(DescribeStreamSummaryResponse response) {
    StreamDescriptionSummary summary = response.streamDescriptionSummary();
    Instant serverTime = response
        .sdkHttpResponse()
        .firstMatchingHeader("Date")
        .flatMap(KinesisShardCatalog::parse)
        .orElseGet(environment::now);
    return new StreamState(
        summary.streamName(),
        summary.streamARN(),
        summary.streamCreationTimestamp(),
        statusOf(summary),
        serverTime);
  }

  private static StreamState.Status statusOf(StreamDescriptionSummary summary) {
    return switch (summary.streamStatus()) {
      case CREATING -> StreamState.Status.CREATING;
      case ACTIVE -> StreamState.Status.ACTIVE;
      case UPDATING -> StreamState.Status.UPDATING;
      case DELETING -> StreamState.Status.DELETING;
      case UNKNOWN_TO_SDK_VERSION -> StreamState.Status.UNKNOWN;
    };
  }

  private static Optional<Instant> parse(String httpDate) {
    try {
      return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(httpDate, Instant::from));
    } catch (DateTimeParseException unusual) {
      return Optional.empty();
    }
  }

  private static Shard shardOf(software.amazon.awssdk.services.kinesis.model.Shard listed) {
    Set<String> parents = new HashSet<>();
    if (listed.parentShardId() != null) {
      parents.add(listed.parentShardId());
    }
    if (listed.adjacentParentShardId() != null) {
      parents.add(listed.adjacentParentShardId());
    }
    return new Shard(
        listed.shardId(),
        parents,
        HashKeyRange.of(
            listed.hashKeyRange().startingHashKey(), listed.hashKeyRange().endingHashKey()),
        listed.sequenceNumberRange().startingSequenceNumber(),
        listed.sequenceNumberRange().endingSequenceNumber());
  }
}
