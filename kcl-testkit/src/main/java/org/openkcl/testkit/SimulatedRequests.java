package org.openkcl.testkit;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.openkcl.environment.Simulation;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.lineage.StreamFailure.Kind;
import org.openkcl.local.model.StreamException;

/** Requests of one process to the stream's service, which take virtual time and may fail. */
final class SimulatedRequests {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final Simulation world;
  private final SplittableRandom chance;
  private final Supplier<StreamFaults> faults;
  private final Runnable onFault;

  /**
   * @param faults asked for each request
   * @param onFault called for each request that fails by the simulation's doing
   */
  SimulatedRequests(Simulation world, Supplier<StreamFaults> faults, Runnable onFault) {
    this.world = world;
    this.chance = world.chance().split();
    this.faults = faults;
    this.onFault = onFault;
  }

  <T> CompletionStage<T> request(Supplier<T> operation) {
    CompletableFuture<T> reply = new CompletableFuture<>();
    StreamFaults now = faults.get();
    world.schedule(latency(now), () -> {
      if (happens(now.throttled())) {
        onFault.run();
        fail(reply, latency(now), new StreamFailure(Kind.THROTTLED, "Throttled by the simulation"));
      } else if (happens(now.lost())) {
        loses(reply, "request");
      } else if (happens(now.lostReplies())) {
        answer(new CompletableFuture<>(), operation, Duration.ZERO);
        loses(reply, "reply");
      } else {
        answer(reply, operation, latency(now));
      }
    });
    return reply;
  }

  private void loses(CompletableFuture<?> reply, String what) {
    onFault.run();
    fail(
        reply,
        TIMEOUT,
        new StreamFailure(Kind.UNAVAILABLE, "The simulated network lost the " + what));
  }

  boolean happens(double share) {
    return share > 0 && chance.nextDouble() < share;
  }

  int between(int least, int most) {
    return least + chance.nextInt(most - least + 1);
  }

  /** How long something takes one way now. */
  Duration latency() {
    return latency(faults.get());
  }

  private <T> void answer(CompletableFuture<T> reply, Supplier<T> operation, Duration latency) {
    try {
      T value = operation.get();
      world.schedule(latency, () -> reply.complete(value));
    } catch (StreamException refused) {
      fail(reply, latency, failureOf(refused));
    } catch (StreamFailure failure) {
      fail(reply, latency, failure);
    }
  }

  private void fail(CompletableFuture<?> reply, Duration after, StreamFailure failure) {
    world.schedule(after, () -> reply.completeExceptionally(failure));
  }

  private Duration latency(StreamFaults now) {
    return Duration.ofNanos(chance.nextLong(now.maxLatency().toNanos() + 1));
  }

  static StreamFailure failureOf(StreamException refused) {
    Kind kind = switch (refused.errorType()) {
      case "ResourceNotFoundException" -> Kind.NOT_FOUND;
      case "ExpiredIteratorException", "ExpiredNextTokenException" -> Kind.EXPIRED_ITERATOR;
      case "ResourceInUseException" -> Kind.IN_USE;
      case "LimitExceededException", "ProvisionedThroughputExceededException" -> Kind.THROTTLED;
      default -> Kind.REFUSED;
    };
    return new StreamFailure(kind, refused.getMessage(), refused);
  }
}
