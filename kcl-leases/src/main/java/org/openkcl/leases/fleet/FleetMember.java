package org.openkcl.leases.fleet;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.RateLimitedLog;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTable;
import org.openkcl.leases.LeaseTableException;
import org.openkcl.leases.LeaseWrite;
import org.openkcl.leases.LeaseWriter;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.ShardFacts;
import org.openkcl.leases.WorkerCapacity;
import org.openkcl.leases.plan.FleetView;
import org.openkcl.leases.plan.LeasePlan;
import org.openkcl.leases.plan.LeasePlanner;
import org.openkcl.leases.plan.LoadHistory;
import org.openkcl.leases.plan.Objective;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker as a member of its fleet: looks at the table, claims free leases, adopts those that
 * are assigned to it, hands over what it has too much of, and leaves in order.
 *
 * <p>No step waits for a leader: every worker plans for the whole fleet from what it sees and
 * carries out its own part. Confined to the worker's event loop.
 */
public final class FleetMember {
  private static final Logger log = LoggerFactory.getLogger(FleetMember.class);

  private final Environment environment;
  private final EventLoop loop;
  private final LeaseTable table;
  private final FleetSettings settings;
  private final LeaseListener listener;
  private final RateLimitedLog warnings;
  private final String writer;
  private final LeaseSightings sightings;
  private final LoadHistory loads = new LoadHistory();
  private final HeldLease.Context context;
  private final SignOfLife signOfLife;
  private final TableWatch watch;
  private final LeaseClaims claims;
  private final CoordinationSightings coordination = new CoordinationSightings();
  private final FleetRules rules;
  private final Leadership leadership;
  private final MixedDuties duties;
  private final HandoffCare handoffs;
  private final Refusals refusals = new Refusals();

  private final Map<LeaseKey, HeldLease> held = new TreeMap<>();
  private final Map<LeaseKey, String> drainingTo = new HashMap<>();
  private final Set<LeaseKey> avoided = new HashSet<>();
  private boolean joined;
  private boolean gone;

  public FleetMember(
      Environment environment,
      EventLoop loop,
      LeaseTable table,
      FleetSettings settings,
      LeaseListener listener) {
    this.environment = environment;
    this.loop = loop;
    this.table = new PacedLeaseTable(table, loop);
    this.settings = settings;
    this.listener = listener;
    this.warnings = new RateLimitedLog(environment, log);
    this.writer = LeaseWriter.process(settings.workerId(), environment.newId());
    this.sightings = new LeaseSightings(settings);
    this.context = new HeldLease.Context(
        settings, environment, loop, this.table, writer, sightings::isOurs, new HeldLeaseEvents());
    this.rules = new FleetRules(settings, sightings, coordination);
    this.watch = new TableWatch(context, sightings, coordination, warnings, new WatchEvents());
    this.signOfLife = new SignOfLife(context, warnings, this::tellsItsLoad, watch::isBlind);
    this.claims = new LeaseClaims(context, sightings, warnings, this::hold, avoided::contains);
    this.leadership = new Leadership(context, coordination, warnings);
    this.duties = new MixedDuties(context, sightings, coordination, claims, warnings);
    this.handoffs = new HandoffCare(context, sightings, claims);
  }

  /**
   * Makes the table usable, shows a sign of life and looks around once. From then on the member
   * acts by itself. Fails with {@link LeaseTableException}; may be called again.
   */
  public CompletionStage<Void> join() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.whenDone(
        table
            .ensureExists()
            .thenCompose(ready -> signOfLife.beat())
            .thenCompose(beaten -> table.scan()),
        view -> {
          if (gone || joined) {
            done.complete(null);
            return;
          }
          joined = true;
          signOfLife.keepBeating();
          watch.saw(view);
          done.complete(null);
        },
        done::completeExceptionally);
    return done;
  }

  /** The leases that this worker holds now. */
  public Collection<HeldLease> held() {
    return List.copyOf(held.values());
  }

  /**
   * Every lease as last seen, finished ones included, and those held: a scan that was under way when
   * they were created does not show them.
   */
  public List<Lease> sighted() {
    Map<LeaseKey, Lease> known = new TreeMap<>();
    held.forEach((key, holding) -> known.put(key, holding.lease()));
    sightings.all().forEach(lease -> known.put(lease.key(), lease));
    return List.copyOf(known.values());
  }

  /** Live workers that want leases, this one included unless it is leaving. */
  public Set<String> workers() {
    return sightings.workers(environment.nanoTime(), environment.now(), signOfLife.isLeaving());
  }

  /**
   * Whether it falls to this worker to compare shards and leases, for all workers of the application.
   */
  public boolean audits() {
    return standing().audits(leadership.leads());
  }

  /** Whether this worker leads a fleet that is shared with Amazon's workers. */
  public boolean leads() {
    return leadership.leads();
  }

  /**
   * Whether somebody may want to know how busy this worker is: our own plan, or Amazon's leader,
   * which compares workers by a metric only with those that tell it too. Where its workers tell no
   * CPU, as on machines that are not EC2's, one that did would never be given a lease.
   */
  private boolean tellsItsLoad() {
    return settings.planning().objective() == Objective.UTILIZATION
        || (standing().kind() == FleetKind.LED && coordination.tellLoad(environment.nanoTime()));
  }

  private FleetStanding standing() {
    return rules.standing(workers(), environment.nanoTime());
  }

  /** This process as {@link LeaseWriter} has it. */
  public String writer() {
    return writer;
  }

  /**
   * Creates a lease; if it is created with this worker as owner it is held from then on. A lease
   * that exists already stays as it is.
   *
   * @return the lease as it stands in the table; fails with {@link LeaseTableException}
   */
  public CompletionStage<Lease> create(Lease lease) {
    return put(LeaseWrite.create(lease));
  }

  /**
   * Puts a lease in the place of one that is of no use any more, see {@link LeaseWrite#replace}; if
   * this worker is its owner it is held from then on. One that has changed meanwhile stays as it is.
   *
   * @return the lease as it stands in the table; fails with {@link LeaseTableException}
   */
  public CompletionStage<Lease> replace(Lease seen, Lease fresh) {
    return put(LeaseWrite.replace(seen, fresh));
  }

  private CompletionStage<Lease> put(LeaseWrite write) {
    Lease lease = write.intended();
    CompletableFuture<Lease> done = new CompletableFuture<>();
    boolean reserved = claims.reserve(lease.key());
    Runnable settled = () -> {
      if (reserved) {
        claims.release(lease.key());
      }
    };
    long sentNanos = environment.nanoTime();
    Instant sentAt = environment.now();
    loop.whenDone(
        table.write(write),
        result -> {
          settled.run();
          Optional<Lease> stands =
              result.match(now -> Optional.of(now.lease()), lost -> lost.actual());
          boolean created = result.match(now -> true, lost -> false);
          stands.ifPresent(now -> sightings.seeExact(now, environment.nanoTime()));
          if (created && settings.workerId().equals(lease.owner())) {
            hold(lease, sentNanos, sentAt);
          }
          stands.ifPresentOrElse(
              done::complete, () -> done.completeExceptionally(unreadable(lease.key())));
        },
        failure -> {
          settled.run();
          done.completeExceptionally(failure);
        });
    return done;
  }

  /** Adds what was learned of a shard to its lease, whoever holds it. */
  public CompletionStage<Void> describe(Lease seen, ShardFacts facts) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.whenDone(
        table.write(LeaseWrite.describe(seen, facts)),
        result -> {
          result
              .match(now -> Optional.of(now.lease()), lost -> lost.actual())
              .ifPresent(now -> sightings.seeExact(now, environment.nanoTime()));
          done.complete(null);
        },
        done::completeExceptionally);
    return done;
  }

  /** Whether a live worker of ours, this one perhaps, has the lease. */
  public boolean isReadByOurs(LeaseKey key) {
    String owner =
        sightings.lease(key).map(lease -> lease.ownership().actualOwner()).orElse(null);
    return owner != null && workers().contains(owner);
  }

  /** Deletes a lease that has done its service. */
  public void delete(LeaseKey key) {
    loop.whenDone(
        table.delete(key),
        deleted -> sightings.forget(key),
        failure -> warnings.warn(
            "lease.delete-failed",
            "Cannot delete lease %s: %s".formatted(key, failure.getMessage())));
  }

  /** Who should have leases that are about to be created, with the workers known now. */
  public Map<LeaseKey, String> planOwners(List<LeaseKey> keys) {
    long now = environment.nanoTime();
    FleetView known = view(now, workers(), Set.of());
    List<FleetView.Holding> holdings = new ArrayList<>(known.leases());
    keys.forEach(key -> holdings.add(new FleetView.Holding(key, null)));
    FleetView wanted = new FleetView(holdings, known.workers());
    Map<LeaseKey, String> owners = new HashMap<>();
    for (LeasePlan.Claim claim :
        LeasePlanner.plan(wanted, settings.planning(), now).claims()) {
      owners.put(claim.key(), claim.worker());
    }
    return owners;
  }

  private LeaseTableException unreadable(LeaseKey key) {
    return new LeaseTableException(
        LeaseTableException.Kind.MALFORMED,
        "Item '%s' of table %s stands in the way of a lease and cannot be read. Repair or delete it."
            .formatted(key, table.name()),
        null);
  }

  /** Brings {@link #sighted} up to date. Fails with {@link LeaseTableException}. */
  public CompletionStage<Void> look() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.whenDone(
        table.scan(),
        view -> {
          sightings.see(view, environment.nanoTime());
          done.complete(null);
        },
        done::completeExceptionally);
    return done;
  }

  /** Reads one lease consistently. */
  public CompletionStage<Optional<Lease>> read(LeaseKey key) {
    CompletableFuture<Optional<Lease>> done = new CompletableFuture<>();
    loop.whenDone(
        table.read(key),
        lease -> {
          lease.ifPresent(now -> sightings.seeExact(now, environment.nanoTime()));
          done.complete(lease);
        },
        done::completeExceptionally);
    return done;
  }

  /**
   * From now on neither claims this lease nor keeps it when it is given to this worker: others take
   * it. A lease that is held already stays so.
   */
  public void avoid(LeaseKey key) {
    avoided.add(key);
  }

  /** Ends what {@link #avoid} began. */
  public void endAvoiding(LeaseKey key) {
    avoided.remove(key);
  }

  /**
   * Gives a held lease up to the live worker that should have it, or to nobody when there is none
   * or the lease is not wanted any more.
   *
   * @return the successor's id, if any
   */
  public CompletionStage<Optional<String>> release(HeldLease lease) {
    LeaseKey key = lease.key();
    Optional<String> successor = isWanted(lease.lease()) ? takerOf(key) : Optional.empty();
    successor.ifPresent(worker -> drainingTo.put(key, worker));
    CompletableFuture<Optional<String>> done = new CompletableFuture<>();
    lease.release(successor.orElse(null)).whenComplete((outcome, failure) -> {
      forget(key);
      successor.ifPresent(worker -> refusals.gave(lease.lease(), worker, environment.nanoTime()));
      done.complete(successor);
    });
    return done;
  }

  private Optional<String> takerOf(LeaseKey key) {
    String planned = drainingTo.get(key);
    FleetStanding standing = standing();
    return planned != null && standing.members().contains(planned)
        ? Optional.of(planned)
        : Optional.ofNullable(successorsOf(Set.of(key), standing).get(key));
  }

  private boolean isWanted(Lease lease) {
    return listener.interest(lease) == LeaseListener.Interest.WANTED;
  }

  /** Stops holding a lease whose shard is finished; the item stays as it is. */
  public void finished(HeldLease lease) {
    lease.drop("The shard of " + lease.key() + " is finished");
    forget(lease.key());
  }

  /**
   * Tells the fleet that this worker wants no more leases. Those it holds are the caller's to
   * drain; what still arrives is passed on.
   */
  public CompletionStage<Void> startLeaving() {
    if (!joined) {
      return CompletableFuture.completedFuture(null);
    }
    CompletionStage<Void> told = signOfLife.leave();
    successorsOf(held.keySet(), standing()).forEach(drainingTo::putIfAbsent);
    return told;
  }

  /** Ends the membership: passes on what arrived at the last moment and removes the sign of life. */
  public CompletionStage<Void> leave() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    stop();
    if (!joined) {
      done.complete(null);
      return done;
    }
    loop.whenDone(
        table.scan(),
        view -> {
          sightings.see(view, environment.nanoTime());
          List<CompletableFuture<Void>> passing = passOn(arrivals());
          loop.whenDone(
              CompletableFuture.allOf(passing.toArray(CompletableFuture<?>[]::new))
                  .handle((passed, failure) -> null)
                  .thenCompose(settled -> table.coordination().deleteWorker(settings.workerId())),
              done::complete,
              failure -> done.complete(null));
        },
        failure -> done.complete(null));
    return done;
  }

  /** Ends at once, without a word to anybody: leases expire by themselves. */
  public void stop() {
    gone = true;
    leadership.resign();
    watch.stop();
    signOfLife.stop();
    held().forEach(lease -> lease.drop("The worker has stopped"));
    held.clear();
  }

  /** Plans for the fleet and carries out this worker's part. */
  private void act() {
    if (gone) {
      return;
    }
    long now = environment.nanoTime();
    loads.see(sighted(), now);
    watch.awaitExpiry();
    if (signOfLife.isLeaving()) {
      leadership.tend(false);
      passOn(arrivals());
      return;
    }
    receive(arrivals());
    sightings.foreigners(now).silent().forEach(coordination::distrust);
    FleetStanding standing = standing();
    refusals.see(sightings::lease, standing.ours(), now);
    leadership.tend(standing.wantsToLead(leadership.leads()));
    handoffs.tend(held, standing, leadership.leads());
    Set<String> members = standing.planned(leadership.leads());
    FleetView view = view(now, members, standing.foreign());
    LeasePlan plan = LeasePlanner.plan(view, settings.planning(), now);
    int room = settings.capacity().maxLeases() - held.size();
    claims.claimFree(plan, members, room, watch::watchesOwnerOf);
    report(plan);
    if (leadership.leads()) {
      duties.lead(plan, standing.foreign());
    }
    if (standing.kind() == FleetKind.TAKERS) {
      duties.steal(plan, standing.foreign());
    }
    if (standing.oursMove()) {
      plan.moves().stream()
          .filter(move -> standing.ours().contains(move.to())
              ? sightings.workers().hasMoved(move.to())
              : standing.foreignersFindAssignments())
          .forEach(this::drain);
    }
  }

  /** Begins to hand over a lease of ours that the plan moves away. */
  private void drain(LeasePlan.Move move) {
    if (move.from().equals(settings.workerId())
        && held.containsKey(move.key())
        && !drainingTo.containsKey(move.key())) {
      drainingTo.put(move.key(), move.to());
      loads.moves(move.key(), environment.nanoTime());
      log.atInfo()
          .addKeyValue("event", "lease.handing-over")
          .log("Handing over {} to {}: {}", move.key(), move.to(), move.reason());
      listener.drainWanted(move.key(), move.reason());
    }
  }

  private void report(LeasePlan plan) {
    if (!plan.unplaced().isEmpty()) {
      LeasePlan.Unplaced first = plan.unplaced().get(0);
      warnings.warn(
          "lease.unplaced",
          "Nobody may take lease %s and %d more: %s"
              .formatted(first.key(), plan.unplaced().size() - 1, first.reason()));
    }
  }

  private FleetView view(long now, Set<String> members, Set<String> foreigners) {
    List<FleetView.Holding> holdings = new ArrayList<>();
    for (Lease lease : sighted()) {
      boolean stays = held.containsKey(lease.key()) && refusals.has(lease.key());
      boolean rests =
          lease.ownership().actualOwner() == null && sightings.mayStillBeRead(lease.key(), now);
      if (!lease.isFinished() && !stays && !rests && isWanted(lease)) {
        holdings.add(loads.holding(lease.key(), ownerForPlan(lease, now)));
      }
    }
    List<FleetView.Member> described = members.stream()
        .map(id -> foreigners.contains(id) ? member(id).asForeign() : member(id))
        .toList();
    return new FleetView(holdings, described);
  }

  private FleetView.Member member(String worker) {
    WorkerSightings seen = sightings.workers();
    WorkerCapacity capacity =
        worker.equals(settings.workerId()) ? settings.capacity() : seen.capacityOf(worker);
    Optional<Double> utilization =
        seen.utilizationOf(worker).or(() -> coordination.utilizationOf(worker));
    return FleetView.Member.sharing(worker)
        .with(capacity.weight(), capacity.maxLeases())
        .withUtilization(utilization.orElse(null));
  }

  private @Nullable String ownerForPlan(Lease lease, long now) {
    LeaseKey key = lease.key();
    String successor = drainingTo.get(key);
    if (successor != null) {
      return successor;
    }
    if (held.containsKey(key)) {
      return settings.workerId();
    }
    return sightings.isFree(key, now) ? null : lease.owner();
  }

  /**
   * Leases that the table gives us and that we do not hold. One that another process still writes
   * under our id is left alone until it expires: that process may be alive. Another worker's process
   * may stand there, since Amazon's leader gives leases away without touching it.
   */
  private List<Lease> arrivals() {
    List<Lease> arrivals = new ArrayList<>();
    for (Lease lease : sightings.all()) {
      Ownership ownership = lease.ownership();
      String holder = ownership.writer();
      if (settings.workerId().equals(ownership.owner())
          && ownership.checkpointOwner() == null
          && (writer.equals(holder) || !LeaseWriter.isProcessOf(holder, settings.workerId()))
          && !lease.isFinished()
          && !held.containsKey(lease.key())) {
        arrivals.add(lease);
      }
    }
    return arrivals;
  }

  /** Takes arrivals, but for those that this worker avoids. */
  private void receive(List<Lease> arrivals) {
    List<Lease> toPassOn = new ArrayList<>();
    for (Lease arrival : arrivals) {
      switch (listener.interest(arrival)) {
        case WANTED -> {
          if (avoided.contains(arrival.key())) {
            toPassOn.add(arrival);
          } else {
            claims.claim(arrival);
          }
        }
        case UNWANTED -> claims.passOn(arrival, null); // nobody knows who wants it
        case UNDECIDED -> {}
      }
    }
    passOn(toPassOn);
  }

  /** Gives arrivals that this worker does not want to whoever should have them. */
  private List<CompletableFuture<Void>> passOn(List<Lease> arrivals) {
    if (arrivals.isEmpty()) {
      return List.of();
    }
    Set<LeaseKey> keys = arrivals.stream().map(Lease::key).collect(Collectors.toSet());
    Map<LeaseKey, String> successors = successorsOf(keys, standing());
    List<CompletableFuture<Void>> passing = new ArrayList<>();
    for (Lease arrival : arrivals) {
      passing.add(claims.passOn(arrival, successors.get(arrival.key())).toCompletableFuture());
    }
    return passing;
  }

  /**
   * Holds a lease that was won. One whose reply came so late that it may have expired elsewhere is
   * not held: if it still is ours in the table, it is claimed anew, under a greater token.
   */
  private void hold(Lease lease, long sentNanos, Instant sentAt) {
    LeaseKey key = lease.key();
    boolean proven = DeliveryWindow.of(settings, sentNanos, sentAt).isOpen(environment);
    if (gone || !proven || held.containsKey(key)) {
      return;
    }
    HeldLease holding = new HeldLease(context, lease, sentNanos, sentAt);
    held.put(key, holding);
    listener.acquired(holding);
    if (signOfLife.isLeaving()) {
      listener.drainWanted(key, "the worker is leaving");
    }
  }

  private void forget(LeaseKey key) {
    held.remove(key);
    drainingTo.remove(key);
  }

  /**
   * Who gets leases that this worker gives up: one of ours, or where none is left an Amazon worker
   * that looks for what is assigned to it.
   */
  private Map<LeaseKey, String> successorsOf(Set<LeaseKey> keys, FleetStanding standing) {
    long now = environment.nanoTime();
    Set<String> candidates = new TreeSet<>(standing.ours());
    candidates.remove(settings.workerId());
    if (candidates.isEmpty() && standing.foreignersFindAssignments()) {
      candidates.addAll(standing.foreign());
    }
    return LeasePlanner.successors(
        keys,
        settings.workerId(),
        view(now, candidates, standing.foreign()),
        settings.planning(),
        now);
  }

  private final class WatchEvents implements TableWatch.Listener {
    @Override
    public void seen() {
      act();
      listener.tableSeen();
    }

    @Override
    public void assigned() {
      act();
    }

    @Override
    public void expiryDue() {
      act();
    }
  }

  private final class HeldLeaseEvents implements HeldLease.Events {
    @Override
    public void changed(Lease lease) {
      sightings.seeExact(lease, environment.nanoTime());
    }

    @Override
    public void lost(HeldLease lease, String reason, @Nullable Lease actual) {
      LeaseKey key = lease.key();
      forget(key);
      if (actual == null) {
        sightings.forget(key);
      } else {
        sightings.seeExact(actual, environment.nanoTime());
        String holder = actual.ownership().writer();
        if (settings.workerId().equals(actual.owner())
            && LeaseWriter.isProcessOf(holder, settings.workerId())) {
          log.atError()
              .addKeyValue("event", "worker.id-used-twice")
              .log(
                  "Another process uses the worker id {} and took the lease of {}. Worker ids must be"
                      + " unique: give each process its own.",
                  settings.workerId(),
                  key);
        }
      }
      listener.lost(key, reason);
    }

    @Override
    public void handoffSeen(HeldLease lease, String successor) {
      drainingTo.put(lease.key(), successor);
      listener.drainWanted(lease.key(), "its leader gives it to " + successor);
    }

    @Override
    public void unwritable(HeldLease lease, LeaseTableException failure) {
      warnings.warn(
          "lease.unwritable",
          "Cannot write lease %s; its records are not delivered once the lease may have expired: %s"
              .formatted(lease.key(), failure.getMessage()));
    }
  }
}
