package org.openkcl.leases.memory;

import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.openkcl.environment.Simulation;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTable;
import org.openkcl.leases.LeaseTableException;
import org.openkcl.leases.LeaseTableException.Kind;
import org.openkcl.leases.LeaseWrite;
import org.openkcl.leases.TableView;
import org.openkcl.leases.WorkerRecord;
import org.openkcl.leases.WriteResult;

/**
 * One simulated process's way to a shared {@link InMemoryLeaseTable}: requests and replies take
 * virtual time, and some are throttled or lost as {@link TableFaults} say. A request under way goes
 * on when its process crashes, as on a real network.
 */
public final class SimulatedLeaseTable implements LeaseTable {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final Simulation world;
  private final SplittableRandom chance;
  private final InMemoryLeaseTable shared;
  private final Supplier<TableFaults> faults;

  /**
   * @param faults asked for each request, so that faults may begin and end
   */
  public SimulatedLeaseTable(
      Simulation world, InMemoryLeaseTable shared, Supplier<TableFaults> faults) {
    this.world = world;
    this.chance = world.chance().split();
    this.shared = shared;
    this.faults = faults;
  }

  @Override
  public String name() {
    return shared.name();
  }

  @Override
  public CompletionStage<Void> ensureExists() {
    return request(shared::ensureExists);
  }

  @Override
  public CompletionStage<TableView> scan() {
    return request(shared::scan);
  }

  @Override
  public CompletionStage<Optional<Lease>> read(LeaseKey key) {
    return request(() -> shared.read(key));
  }

  @Override
  public CompletionStage<WriteResult> write(LeaseWrite write) {
    return request(() -> shared.write(write));
  }

  @Override
  public CompletionStage<Void> delete(LeaseKey key) {
    return request(() -> shared.delete(key));
  }

  @Override
  public CompletionStage<Void> putWorker(WorkerRecord worker) {
    return request(() -> shared.putWorker(worker));
  }

  @Override
  public CompletionStage<Void> deleteWorker(String workerId) {
    return request(() -> shared.deleteWorker(workerId));
  }

  private <T> CompletionStage<T> request(Supplier<CompletionStage<T>> operation) {
    CompletableFuture<T> reply = new CompletableFuture<>();
    TableFaults now = faults.get();
    world.schedule(latency(now), () -> {
      if (chance.nextDouble() < now.throttled()) {
        fail(reply, latency(now), Kind.THROTTLED, "Throttled by the simulation");
      } else if (now.denied() > 0 && chance.nextDouble() < now.denied()) {
        fail(reply, latency(now), Kind.DENIED, "Denied by the simulation");
      } else if (chance.nextDouble() < now.lostRequests()) {
        fail(reply, TIMEOUT, Kind.UNAVAILABLE, "The simulated network lost the request");
      } else {
        answer(reply, operation.get(), now);
      }
    });
    return reply;
  }

  private <T> void answer(CompletableFuture<T> reply, CompletionStage<T> effect, TableFaults now) {
    if (chance.nextDouble() < now.lostReplies()) {
      fail(reply, TIMEOUT, Kind.UNAVAILABLE, "The simulated network lost the reply");
      return;
    }
    Duration latency = latency(now);
    effect.whenComplete((value, failure) -> world.schedule(latency, () -> {
      if (failure == null) {
        reply.complete(value);
      } else {
        reply.completeExceptionally(failure);
      }
    }));
  }

  private void fail(CompletableFuture<?> reply, Duration after, Kind kind, String message) {
    world.schedule(
        after, () -> reply.completeExceptionally(new LeaseTableException(kind, message, null)));
  }

  private Duration latency(TableFaults now) {
    return Duration.ofNanos(chance.nextLong(now.maxLatency().toNanos() + 1));
  }
}
