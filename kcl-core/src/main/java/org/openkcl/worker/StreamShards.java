package org.openkcl.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openkcl.InitialPosition;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTableException;
import org.openkcl.leases.LeaseWriter;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.fleet.FleetMember;
import org.openkcl.leases.fleet.HeldLease;
import org.openkcl.lineage.Seeding;
import org.openkcl.lineage.SeedingRules;
import org.openkcl.lineage.SeedingRules.Readiness;
import org.openkcl.lineage.Shard;
import org.openkcl.lineage.ShardCatalog;
import org.openkcl.lineage.ShardGraph;
import org.openkcl.lineage.ShardSelection;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.lineage.StreamState;
import org.openkcl.processor.ChildShard;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the leases in step with the stream's shards: seeds them, creates those of children, mends
 * what is missing, deletes what is done. Decisions are {@link SeedingRules}'. Confined to the loop.
 */
final class StreamShards {
  private static final Logger log = LoggerFactory.getLogger(StreamShards.class);
  private static final Duration LISTING_LIFE = Duration.ofSeconds(5);
  private static final Duration LISTING_AGE_MAX = Duration.ofSeconds(10);

  private final Environment environment;
  private final EventLoop loop;
  private final FleetMember member;
  private final ShardCatalog catalog;
  private final InitialPosition position;
  private final String workerId;
  private Instant serverTime = Instant.EPOCH;
  private @Nullable CompletableFuture<Listing> listing;
  private @Nullable CompletableFuture<Listing> nextListing;
  private long listedNanos;

  /** Shards, and when they were asked for. */
  private record Listing(ShardGraph graph, long askedNanos, Instant askedAt) {}

  StreamShards(WorkerPorts ports, WorkerSettings settings, FleetMember member) {
    this.environment = ports.environment();
    this.loop = ports.loop();
    this.member = member;
    this.catalog = ports.stream().catalog();
    this.position = settings.initialPosition();
    this.workerId = settings.fleet().workerId();
  }

  /** The stream as Kinesis describes it now. */
  CompletionStage<StreamState> describe() {
    return onLoop(catalog.describe()).thenApply(state -> {
      serverTime = state.serverTime();
      return state;
    });
  }

  /** Creates every lease that the stream's shards need and the table does not have. */
  CompletionStage<Void> seed() {
    if (!leases().isEmpty()) {
      return listing().thenCompose(this::mend);
    }
    return list(ShardSelection.openAt(position)).thenCompose(listed -> {
      listed.graph().firstHole().ifPresent(hole -> {
        throw new StreamFailure(
            StreamFailure.Kind.UNAVAILABLE,
            "The shards of the stream do not cover all hash keys: " + hole,
            null);
      });
      return member.look().thenCompose(seen -> leases().isEmpty() ? createMissing(listed) : seed());
    });
  }

  /** Mends the leases, and deletes those that have done their service. */
  CompletionStage<Void> audit() {
    if (leases().isEmpty()) {
      return seed(); // somebody emptied the table: the application begins anew
    }
    return listing()
        .thenCompose(listed -> mend(listed).thenAccept(mended -> {
          Map<String, Lease> leases = leases();
          for (Lease lease : leases.values()) {
            if (SeedingRules.deletable(lease, listed.graph(), leases)) {
              log.info("Deleting the lease of finished shard {}", lease.key());
              member.delete(lease.key());
            }
          }
        }));
  }

  /**
   * Creates what is missing by a look at the table that is newer than the listing: a worker that
   * could not read the table for a while must not take a lease that others have finished and
   * deleted for a missing one.
   */
  private CompletionStage<Void> mend(Listing listed) {
    return member.look().thenCompose(seen -> createMissing(listed));
  }

  /** The listing must not be old either: this process may have stood still since it was asked for. */
  private CompletionStage<Void> createMissing(Listing listed) {
    Duration byClock = Duration.between(listed.askedAt(), environment.now());
    Duration monotonic = Duration.ofNanos(environment.nanoTime() - listed.askedNanos());
    if (byClock.compareTo(LISTING_AGE_MAX) > 0 || monotonic.compareTo(LISTING_AGE_MAX) > 0) {
      throw new StreamFailure(
          StreamFailure.Kind.UNAVAILABLE,
          "The listing of shards came too late to compare the leases with it",
          null);
    }
    ShardGraph graph = listed.graph();
    Map<String, Lease> leases = leases();
    if (graph.firstContradiction().isPresent()) {
      throw new StreamFailure(
          StreamFailure.Kind.UNAVAILABLE,
          "The listing of shards contradicts itself: "
              + graph.firstContradiction().orElseThrow(),
          null);
    }
    List<Lease> missing = SeedingRules.leasesToCreate(graph, leases, seeding(shardId -> null));
    Map<LeaseKey, String> owners =
        member.planOwners(missing.stream().map(Lease::key).toList());
    List<Lease> owned = SeedingRules.leasesToCreate(
        graph, leases, seeding(shardId -> owners.get(new LeaseKey(shardId))));
    if (!owned.isEmpty()) {
      log.info("Creating {} leases, beginning at {}", owned.size(), position);
    }
    return createAll(owned);
  }

  /** The ended shard's children, once their leases exist. */
  CompletionStage<List<ChildShard>> createChildLeases(HeldLease held, List<ChildShard> reported) {
    Lease ended = held.lease();
    CompletionStage<List<ChildShard>> known = reported.isEmpty()
        ? newListing().thenApply(listed -> childrenOf(ended.shardId(), listed.graph()))
        : CompletableFuture.completedFuture(reported);
    return known.thenCompose(children -> confirm(parentsOf(children)).thenCompose(read -> {
      List<Lease> leases = SeedingRules.childLeases(ended, children, seeding(shardId -> workerId));
      return otherParentsAreSettled(children)
          .thenCompose(settled -> {
            requireProof(held);
            return createAll(leases);
          })
          .thenApply(created -> children);
    }));
  }

  /** A worker that stood still may no longer own the shard, and its children be long finished. */
  private static void requireProof(HeldLease held) {
    if (!held.mayDeliver()) {
      throw new StreamFailure(
          StreamFailure.Kind.UNAVAILABLE,
          "the lease of " + held.key() + " must be renewed before its children get theirs",
          null);
    }
  }

  private CompletionStage<Void> otherParentsAreSettled(List<ChildShard> children) {
    if (SeedingRules.mayCreateChildren(children, leases()) == Readiness.READY) {
      return CompletableFuture.completedFuture(null);
    }
    return listingWith(children.stream().map(ChildShard::shardId).toList()).thenCompose(listed -> {
      Seeding seeding = seeding(shardId -> null);
      if (SeedingRules.mayCreateChildren(children, listed.graph(), leases(), seeding)) {
        return CompletableFuture.<Void>completedFuture(null);
      }
      return mend(listed).thenAccept(mended -> {
        throw new StreamFailure(
            StreamFailure.Kind.UNAVAILABLE,
            "another parent of the children has yet to get its lease",
            null);
      });
    });
  }

  /** Whether the shard's parents are done, so that it may start. */
  CompletionStage<Boolean> mayStart(Lease lease) {
    return switch (SeedingRules.mayStart(lease, leases())) {
      case READY -> CompletableFuture.completedFuture(true);
      case WAITING -> CompletableFuture.completedFuture(false);
      case LISTING_NEEDED ->
        confirm(lease.shard().parentShardIds())
            .thenCompose(read -> listingWith(List.of(lease.shardId())))
            .thenApply(listed ->
                SeedingRules.mayStart(lease, listed.graph(), leases(), seeding(shardId -> null)));
    };
  }

  /** Whether Kinesis still keeps the shard. */
  CompletionStage<Boolean> isKept(String shardId) {
    return newListing().thenApply(listed -> listed.graph().contains(shardId));
  }

  /** Reads consistently the leases that a scan did not show, before they count as missing. */
  private CompletionStage<Void> confirm(Collection<String> shardIds) {
    Map<String, Lease> leases = leases();
    List<CompletableFuture<?>> reads = new ArrayList<>();
    for (String shardId : shardIds) {
      if (!leases.containsKey(shardId)) {
        reads.add(member.read(new LeaseKey(shardId)).toCompletableFuture());
      }
    }
    return CompletableFuture.allOf(reads.toArray(CompletableFuture<?>[]::new));
  }

  /** Writes leases in the order of generations: parents are confirmed before their children. */
  private CompletionStage<Void> createAll(List<Lease> leases) {
    if (leases.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    Set<String> wave = new HashSet<>();
    List<CompletableFuture<?>> writes = new ArrayList<>();
    int size = 0;
    for (Lease lease : leases) {
      if (lease.shard().parentShardIds().stream().anyMatch(wave::contains)) {
        break;
      }
      wave.add(lease.shardId());
      writes.add(create(lease));
      size++;
    }
    List<Lease> later = leases.subList(size, leases.size());
    return CompletableFuture.allOf(writes.toArray(CompletableFuture<?>[]::new))
        .thenCompose(created -> createAll(later));
  }

  /** Creates one lease; an unreadable item in its place is reported and stops nothing else. */
  private CompletableFuture<?> create(Lease lease) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.whenDone(member.create(lease), created -> done.complete(null), failure -> {
      if (failure instanceof LeaseTableException table
          && table.kind() == LeaseTableException.Kind.MALFORMED) {
        log.warn("{} Until then nobody reads shard {}.", failure.getMessage(), lease.shardId());
        done.complete(null);
      } else {
        done.completeExceptionally(failure);
      }
    });
    return done;
  }

  private Map<String, Lease> leases() {
    Map<String, Lease> leases = new TreeMap<>();
    member.sighted().forEach(lease -> leases.put(lease.shardId(), lease));
    return leases;
  }

  private String writerOf(String owner) {
    return workerId.equals(owner) ? member.writer() : LeaseWriter.awaited(owner);
  }

  private Seeding seeding(Function<String, @Nullable String> ownerOf) {
    long counter = environment.now().toEpochMilli();
    return new Seeding(
        position, Seeding.startAt(position, serverTime, leases().values()), shardId -> {
          String owner = ownerOf.apply(shardId);
          return new Ownership(owner, null, counter, 0, owner == null ? null : writerOf(owner));
        });
  }

  /** All shards, as they were at most a few seconds ago: enough to see what is there. */
  private CompletionStage<Listing> listing() {
    boolean fresh = environment.nanoTime() - listedNanos < LISTING_LIFE.toNanos();
    return listing != null && !listing.isCompletedExceptionally() && fresh ? listing : ask();
  }

  /**
   * A listing that is no older than the given shards, so that it tells of their parents too. A
   * parent that is missing in it is gone, not yet to come.
   */
  private CompletionStage<Listing> listingWith(Collection<String> shardIds) {
    return listing()
        .thenCompose(listed -> shardIds.stream().allMatch(listed.graph()::contains)
            ? CompletableFuture.completedFuture(listed)
            : newListing());
  }

  /** All shards as they are from now on: who asks while one is under way shares the next. */
  private CompletionStage<Listing> newListing() {
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

  private CompletableFuture<Listing> ask() {
    CompletableFuture<Listing> asked = list(ShardSelection.all()).toCompletableFuture();
    listing = asked;
    listedNanos = environment.nanoTime();
    return asked;
  }

  private CompletionStage<Listing> list(ShardSelection selection) {
    long askedNanos = environment.nanoTime();
    Instant askedAt = environment.now();
    return onLoop(catalog.list(selection))
        .thenApply(shards -> new Listing(ShardGraph.of(shards), askedNanos, askedAt));
  }

  private <T> CompletionStage<T> onLoop(CompletionStage<T> stage) {
    CompletableFuture<T> here = new CompletableFuture<>();
    loop.whenDone(stage, here::complete, here::completeExceptionally);
    return here;
  }

  private static Set<String> parentsOf(List<ChildShard> children) {
    Set<String> parents = new HashSet<>();
    children.forEach(child -> parents.addAll(child.parentShards()));
    return parents;
  }

  private static List<ChildShard> childrenOf(String shardId, ShardGraph graph) {
    return graph.childrenOf(shardId).stream().map(StreamShards::asChild).toList();
  }

  private static ChildShard asChild(Shard shard) {
    return new ChildShard(
        shard.shardId(),
        List.copyOf(shard.parentShardIds()),
        new ChildShard.HashKeyRange(
            shard.hashKeyRange().starting().toString(),
            shard.hashKeyRange().ending().toString()));
  }
}
