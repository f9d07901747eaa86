package org.openkcl.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.lineage.Shard;
import org.openkcl.lineage.ShardCatalog;
import org.openkcl.lineage.ShardGraph;
import org.openkcl.lineage.ShardSelection;

/** One stream's listings of shards, shared by all who ask at about the same time. On the loop. */
final class ShardListings {
  private static final Duration LIFE = Duration.ofSeconds(5);
  private static final Duration AGE_MAX = Duration.ofSeconds(10);

  private final Environment environment;
  private final EventLoop loop;
  private final ShardCatalog catalog;
  private @Nullable CompletableFuture<Listing> listing;
  private @Nullable CompletableFuture<Listing> nextListing;
  private long listedNanos;

  /** Shards, and when they were asked for. */
  record Listing(ShardGraph graph, long askedNanos, Instant askedAt) {

    /** Whether the process has stood still since: the stream may look otherwise by now. */
    boolean isOld(Environment environment) {
      Duration byClock = Duration.between(askedAt, environment.now());
      Duration monotonic = Duration.ofNanos(environment.nanoTime() - askedNanos);
      return byClock.compareTo(AGE_MAX) > 0 || monotonic.compareTo(AGE_MAX) > 0;
    }
  }

  ShardListings(Environment environment, EventLoop loop, ShardCatalog catalog) {
    this.environment = environment;
    this.loop = loop;
    this.catalog = catalog;
  }

  /** All shards, as they were at most a few seconds ago: enough to see what is there. */
  CompletionStage<Listing> recent() {
    boolean fresh = environment.nanoTime() - listedNanos < LIFE.toNanos();
    return listing != null && !listing.isCompletedExceptionally() && fresh ? listing : ask();
  }

  /**
   * A listing that is no older than the given shards, so that it tells of their parents too. A
   * parent that is missing in it is gone, not yet to come.
   */
  CompletionStage<Listing> knowing(Collection<String> shardIds) {
    return recent()
        .thenCompose(listed -> shardIds.stream().allMatch(listed.graph()::contains)
            ? CompletableFuture.completedFuture(listed)
            : fromNowOn());
  }

  /** All shards as they are from now on: who asks while one is under way shares the next. */
  CompletionStage<Listing> fromNowOn() {
    if (listing == null || listing.isDone()) {
      return ask();
    }
    if (nextListing == null) {
      nextListing = listing.handle((listed, failure) -> listed).thenCompose(listed -> {
        nextListing = null;
        return ask();
      });
    }
    return nextListing;
  }

  /** A part of the shards, as it is now. */
  CompletionStage<Listing> of(ShardSelection selection) {
    long askedNanos = environment.nanoTime();
    Instant askedAt = environment.now();
    CompletableFuture<List<Shard>> here = new CompletableFuture<>();
    loop.whenDone(catalog.list(selection), here::complete, here::completeExceptionally);
    return here.thenApply(shards -> new Listing(ShardGraph.of(shards), askedNanos, askedAt));
  }

  private CompletableFuture<Listing> ask() {
    CompletableFuture<Listing> asked = of(ShardSelection.all()).toCompletableFuture();
    listing = asked;
    listedNanos = environment.nanoTime();
    return asked;
  }
}
