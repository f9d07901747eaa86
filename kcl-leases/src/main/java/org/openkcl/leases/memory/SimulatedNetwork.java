package org.openkcl.leases.memory;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.openkcl.environment.Simulation;
import org.openkcl.leases.LeaseTableException;
import org.openkcl.leases.LeaseTableException.Kind;

/**
 * One simulated process's way to tables: requests and replies take virtual time, and some are
 * throttled or lost. A request under way goes on when its process crashes, as on a real network.
 */
final class SimulatedNetwork {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final Simulation world;
  private final SplittableRandom chance;
  private final Supplier<TableFaults> faults;
  private final Runnable onFault;

  /**
   * @param faults asked for each request, so that faults may begin and end
   * @param onFault called for each request that fails by the simulation's doing
   */
  SimulatedNetwork(Simulation world, Supplier<TableFaults> faults, Runnable onFault) {
    this.world = world;
    this.chance = world.chance().split();
    this.faults = faults;
    this.onFault = onFault;
  }

  /** Carries a request to where it is answered, and the answer back. */
  <T> CompletionStage<T> request(Supplier<CompletionStage<T>> operation) {
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
    onFault.run();
    world.schedule(
        after, () -> reply.completeExceptionally(new LeaseTableException(kind, message, null)));
  }

  private Duration latency(TableFaults now) {
    return Duration.ofNanos(chance.nextLong(now.maxLatency().toNanos() + 1));
  }
}
