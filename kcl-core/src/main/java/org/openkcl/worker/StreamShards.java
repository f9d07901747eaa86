package org.openkcl.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openkcl.InitialPosition;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.RateLimitedLog;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTableException;
import org.openkcl.leases.LeaseWriter;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.ShardFacts;
import org.openkcl.leases.fleet.FleetMember;
import org.openkcl.leases.fleet.HeldLease;
import org.openkcl.lineage.Seeding;
import org.openkcl.lineage.SeedingRules;
import org.openkcl.lineage.SeedingRules.Readiness;
import org.openkcl.lineage.Shard;
import org.openkcl.lineage.ShardGraph;
import org.openkcl.lineage.ShardSelection;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.lineage.StreamIdentity;
import org.openkcl.metering.WorkerMeter;
import org.openkcl.processor.ChildShard;
import org.openkcl.worker.ShardListings.Listing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the leases of one stream in step with its shards: seeds them, creates those of children,
 * mends what is missing, deletes what is done. Decisions are {@link SeedingRules}'. Confined to the
 * loop.
 */
final class StreamShards {
  private static final Logger log = LoggerFactory.getLogger(StreamShards.class);

  private final Environment environment;
  private final EventLoop loop;
  private final FleetMember member;
  private final StreamIdentity stream;
  private final Supplier<InitialPosition> beginning;
  private final String workerId;
  private final ShardListings listings;
  private final WorkerMeter meter;
  private final RateLimitedLog warnings;
  private Instant serverTime;
  private long serverTimeNanos;

  /**
   * @param beginning where the stream is begun if it has no leases
   * @param serverTime the service's time just now
   */
  StreamShards(
      Worker worker,
      StreamSource source,
      StreamIdentity stream,
      Supplier<InitialPosition> beginning,
      Instant serverTime) {
    this.environment = worker.ports().environment();
    this.loop = worker.ports().loop();
    this.member = worker.member();
    this.meter = worker.meter();
    this.warnings = worker.warnings();
    this.stream = stream;
    this.beginning = beginning;
    this.workerId = worker.settings().fleet().workerId();
    this.listings = new ShardListings(environment, loop, source.catalog());
    this.serverTime = serverTime;
    this.serverTimeNanos = environment.nanoTime();
  }

  /** Takes note of the service's time just now. */
  void at(Instant time) {
    serverTime = time;
    serverTimeNanos = environment.nanoTime();
  }

  /** The instant that LATEST means if nobody has said so before; a little in the past. */
  Instant latestNow() {
    Duration since = Duration.ofNanos(environment.nanoTime() - serverTimeNanos);
    return serverTime.plus(since).minus(Seeding.LATEST_MARGIN);
  }

  /** Creates every lease that the stream's shards need and the table does not have. */
  CompletionStage<Void> seed() {
    if (!leases().isEmpty()) {
      return listings.recent().thenCompose(this::mend);
    }
    return listings.of(ShardSelection.openAt(beginning.get())).thenCompose(listed -> {
      listed.graph().firstHole().ifPresent(hole -> {
        throw new StreamFailure(
            StreamFailure.Kind.UNAVAILABLE,
            "The shards of the stream do not cover all hash keys: " + hole,
            null);
      });
      return member.look().thenCompose(seen -> leases().isEmpty() ? createMissing(listed) : seed());
    });
  }

  /** Mends the leases, completes what they say, and deletes those that have done their service. */
  CompletionStage<Void> audit() {
    if (leases().isEmpty()) {
      return seed(); // somebody emptied the table: the application begins anew
    }
    return listings
        .recent()
        .thenCompose(listed -> mend(listed).thenAccept(mended -> {
          complete(listed.graph());
          deleteWhatIsDone(listed.graph());
        }));
  }

  /** Tells leases that do not know it, as those of Amazon's library, what Kinesis says of them. */
  private void complete(ShardGraph graph) {
    for (Lease lease : leases().values()) {
      ShardFacts known = lease.shard();
      ShardFacts facts = SeedingRules.completed(known, stream, graph.shard(lease.shardId()));
      if (!facts.equals(known)) {
        loop.whenDone(
            member.describe(lease, facts),
            done -> {},
            failure -> log.debug("Lease {} stays as it is", lease.key(), failure));
      }
    }
  }

  private void deleteWhatIsDone(ShardGraph graph) {
    Map<String, Lease> leases = leases();
    for (Lease lease : leases.values()) {
      if (SeedingRules.deletable(lease, graph, leases)) {
        log.atInfo()
            .addKeyValue("event", "lease.deleted")
            .log("Deleting the lease of finished shard {}", lease.key());
        member.delete(lease.key());
      }
    }
    deleteFormer();
  }

  /**
   * Deletes leases of a former stream of this name for shards that this one does not have. Others were
   * replaced when this stream got its leases.
   */
  void deleteFormer() {
    for (Lease lease : formerLeases()) {
      if (!member.isReadByOurs(lease.key())) {
        log.atInfo()
            .addKeyValue("event", "lease.former-deleted")
            .log("Deleting lease {} of a former stream of this name", lease.key());
        member.delete(lease.key());
      }
    }
  }

  /** Leases under this stream's name that were made for one that had the name before. */
  List<Lease> formerLeases() {
    return member.sighted().stream().filter(stream::follows).toList();
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
    if (listed.isOld(environment)) {
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
        graph, leases, seeding(shardId -> owners.get(stream.keyOf(shardId))));
    if (!owned.isEmpty()) {
      log.atInfo()
          .addKeyValue("event", "lease.creating")
          .log("Creating {} leases, beginning at {}", owned.size(), beginning.get());
    }
    return createAll(owned, false);
  }

  /** The ended shard's children, once their leases exist. */
  CompletionStage<List<ChildShard>> createChildLeases(HeldLease held, List<ChildShard> reported) {
    Lease ended = held.lease();
    CompletionStage<List<ChildShard>> known = reported.isEmpty()
        ? listings.fromNowOn().thenApply(listed -> childrenOf(ended.shardId(), listed.graph()))
        : CompletableFuture.completedFuture(reported);
    return known.thenCompose(children -> confirm(parentsOf(children)).thenCompose(read -> {
      List<Lease> leases = SeedingRules.childLeases(ended, children, seeding(shardId -> workerId));
      return otherParentsAreSettled(children)
          .thenCompose(settled -> {
            requireProof(held);
            return createAll(leases, true);
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
    return listings
        .knowing(children.stream().map(ChildShard::shardId).toList())
        .thenCompose(listed -> {
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
            .thenCompose(read -> listings.knowing(List.of(lease.shardId())))
            .thenApply(listed ->
                SeedingRules.mayStart(lease, listed.graph(), leases(), seeding(shardId -> null)));
    };
  }

  /** Whether Kinesis still keeps the shard. */
  CompletionStage<Boolean> isKept(String shardId) {
    return listings.fromNowOn().thenApply(listed -> listed.graph().contains(shardId));
  }

  /** Reads consistently the leases that a scan did not show, before they count as missing. */
  private CompletionStage<Void> confirm(Collection<String> shardIds) {
    Map<String, Lease> leases = leases();
    List<CompletableFuture<?>> reads = new ArrayList<>();
    for (String shardId : shardIds) {
      if (!leases.containsKey(shardId)) {
        reads.add(member.read(stream.keyOf(shardId)).toCompletableFuture());
      }
    }
    return CompletableFuture.allOf(reads.toArray(CompletableFuture<?>[]::new));
  }

  /** Writes leases in the order of generations: parents are confirmed before their children. */
  private CompletionStage<Void> createAll(List<Lease> leases, boolean ofChildren) {
    if (leases.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    Map<LeaseKey, Lease> former = new HashMap<>();
    formerLeases().forEach(lease -> former.put(lease.key(), lease));
    Set<String> wave = new HashSet<>();
    List<CompletableFuture<?>> writes = new ArrayList<>();
    int size = 0;
    for (Lease lease : leases) {
      if (lease.shard().parentShardIds().stream().anyMatch(wave::contains)) {
        break;
      }
      wave.add(lease.shardId());
      writes.add(create(lease, former.get(lease.key()), ofChildren));
      size++;
    }
    List<Lease> later = leases.subList(size, leases.size());
    return CompletableFuture.allOf(writes.toArray(CompletableFuture<?>[]::new))
        .thenCompose(created -> createAll(later, ofChildren));
  }

  /**
   * Creates one lease, in the place of one that a former stream of this name has left; an unreadable
   * item in its place is reported and stops nothing else.
   */
  private CompletableFuture<?> create(Lease lease, @Nullable Lease former, boolean ofChild) {
    long began = environment.nanoTime();
    CompletableFuture<Void> done = new CompletableFuture<>();
    CompletionStage<Lease> written =
        former == null ? member.create(lease) : member.replace(former, lease);
    loop.whenDone(
        written,
        stands -> {
          meter.leaseCreated(ofChild, true, environment.nanoTime() - began);
          settle(stands, done);
        },
        failure -> {
          meter.leaseCreated(ofChild, false, environment.nanoTime() - began);
          if (failure instanceof LeaseTableException table
              && table.kind() == LeaseTableException.Kind.MALFORMED) {
            warnings.warn(
                "lease.malformed",
                lease.key().toString(),
                "%s Until then nobody reads shard %s."
                    .formatted(failure.getMessage(), lease.shardId()));
            done.complete(null);
          } else {
            done.completeExceptionally(failure);
          }
        });
    return done;
  }

  /** One that another stream of this name has may have moved while it was to be replaced. */
  private void settle(Lease stands, CompletableFuture<Void> done) {
    if (stream.owns(stands)) {
      done.complete(null);
    } else {
      done.completeExceptionally(new StreamFailure(
          StreamFailure.Kind.UNAVAILABLE,
          "Lease " + stands.key() + " is that of another stream of this name"));
    }
  }

  /** The stream's leases, by bare shard id. */
  Map<String, Lease> leases() {
    Map<String, Lease> leases = new TreeMap<>();
    member.sighted().stream()
        .filter(stream::owns)
        .forEach(lease -> leases.put(lease.shardId(), lease));
    return leases;
  }

  private String writerOf(String owner) {
    return workerId.equals(owner) ? member.writer() : LeaseWriter.awaited(owner);
  }

  private Seeding seeding(Function<String, @Nullable String> ownerOf) {
    long counter = environment.now().toEpochMilli();
    InitialPosition position = beginning.get();
    Instant startAt = Seeding.startAt(position, serverTime, leases().values());
    return new Seeding(stream, position, startAt, shardId -> {
      String owner = ownerOf.apply(shardId);
      return new Ownership(owner, null, counter, 0, owner == null ? null : writerOf(owner));
    });
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
