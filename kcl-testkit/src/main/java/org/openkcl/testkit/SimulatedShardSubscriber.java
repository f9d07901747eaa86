package org.openkcl.testkit;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.Simulation;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.local.model.ConsumerId;
import org.openkcl.local.model.ListShardsQuery;
import org.openkcl.local.model.LocalStreams;
import org.openkcl.local.model.ShardFilter;
import org.openkcl.local.model.StreamException;
import org.openkcl.local.model.SubscriptionEvent;
import org.openkcl.local.model.SubscriptionStep;
import org.openkcl.retrieval.ReadPosition;
import org.openkcl.retrieval.ShardSubscriber;

/**
 * One simulated process's subscriptions to the shards of a stream in memory, as one consumer. Calls
 * and events take virtual time; they fail, break off or fall silent as {@link StreamFaults} say.
 */
public final class SimulatedShardSubscriber implements ShardSubscriber {
  /** Registered when it is first asked for; all processes are one application. */
  private static final String CONSUMER = "application";

  /** So many events come to one that goes wrong, where a request in one does. */
  private static final int EVENTS_PER_FAULT = 10;

  private final Simulation world;
  private final LocalStreams streams;
  private final String stream;
  private final ConsumerId consumer;
  private final Supplier<StreamFaults> faults;
  private final Runnable onFault;
  private final SimulatedRequests requests;

  /**
   * @param streams with {@code world} as its clock
   * @param faults asked for each request, so that faults may begin and end
   */
  public SimulatedShardSubscriber(
      Simulation world, LocalStreams streams, String stream, Supplier<StreamFaults> faults) {
    this(world, streams, stream, faults, () -> {});
  }

  SimulatedShardSubscriber(
      Simulation world,
      LocalStreams streams,
      String stream,
      Supplier<StreamFaults> faults,
      Runnable onFault) {
    this.world = world;
    this.streams = streams;
    this.stream = stream;
    this.consumer = ConsumerId.of(stream, CONSUMER);
    this.faults = faults;
    this.onFault = onFault;
    this.requests = new SimulatedRequests(world, faults, onFault);
  }

  @Override
  public CompletionStage<Registration> registered() {
    return requests.request(() -> new Registration(arn(), openShards()));
  }

  @Override
  public CompletionStage<Boolean> lookAgain() {
    return CompletableFuture.completedFuture(false);
  }

  private String arn() {
    try {
      return streams.consumers().describe(consumer).arn();
    } catch (StreamException notThere) {
      return streams.consumers().register(stream, consumer.consumerName()).arn();
    }
  }

  private int openShards() {
    ShardFilter open = ShardFilter.of(ShardFilter.Type.AT_LATEST);
    return streams.listShards(ListShardsQuery.of(stream).with(open)).shards().size();
  }

  @Override
  public Subscription subscribe(
      Registration registration, String shardId, ReadPosition position, Listener listener) {
    Connection connection = new Connection(listener);
    requests.request(() -> connection.connect(shardId, position)).whenComplete((opened, thrown) -> {
      if (thrown == null) {
        connection.begin();
      } else {
        listener.failed(thrown instanceof StreamFailure known ? known : unknown(thrown));
      }
    });
    return connection;
  }

  private static StreamFailure unknown(Throwable thrown) {
    return new StreamFailure(StreamFailure.Kind.UNAVAILABLE, "The simulation failed", thrown);
  }

  /** One subscription of the model, and its way to the process. */
  private final class Connection implements Subscription {
    private final Listener listener;
    private org.openkcl.local.model.@Nullable Subscription model;
    private int requested;
    private long endNanos = Long.MAX_VALUE;
    private boolean begun;
    private boolean over;
    private boolean silent;

    Connection(Listener listener) {
      this.listener = listener;
    }

    boolean connect(String shardId, ReadPosition position) {
      model = streams
          .consumers()
          .subscribe(consumer, shardId, SimulatedShardReader.modelOf(position), this::wake);
      return true;
    }

    void begin() {
      begun = true;
      if (over) {
        cancelModel();
        return;
      }
      listener.opened();
      endNanos = world.nanoTime() + org.openkcl.local.model.Subscription.LIFE.toNanos();
      world.schedule(org.openkcl.local.model.Subscription.LIFE, this::pump);
    }

    @Override
    public void request() {
      requested++;
      world.schedule(Duration.ZERO, this::pump);
    }

    @Override
    public void cancel() {
      over = true;
      if (begun) {
        world.schedule(Duration.ZERO, this::cancelModel);
      }
    }

    private void cancelModel() {
      if (model != null) {
        model.cancel();
      }
    }

    private void wake() {
      world.schedule(Duration.ZERO, this::pump);
    }

    private void pump() {
      org.openkcl.local.model.Subscription open = model;
      if (over || silent || open == null || !isDue(open)) {
        return;
      }
      Runnable action = open.next()
          .<Runnable>match(
              push -> () -> push(push.event()), pause -> () -> pause(pause), end -> () -> end(end));
      action.run();
    }

    /** Without a request nothing is sent, but an end is told. */
    private boolean isDue(org.openkcl.local.model.Subscription open) {
      return requested > 0 || open.isOver() || world.nanoTime() >= endNanos;
    }

    private void push(SubscriptionEvent event) {
      requested--;
      if (goesWrong()) {
        return;
      }
      org.openkcl.retrieval.SubscriptionEvent arriving =
          new org.openkcl.retrieval.SubscriptionEvent(
              SimulatedShardReader.recordsOf(event.records()),
              event.continuationSequenceNumber(),
              event.millisBehindLatest(),
              SimulatedShardReader.childrenOf(event.childShards()),
              SimulatedShardReader.bytesOf(event.records()));
      world.schedule(requests.latency(), () -> {
        if (!over) {
          listener.received(arriving);
        }
      });
    }

    /** In place of the event the connection breaks off or falls silent, once in a while. */
    private boolean goesWrong() {
      if (requests.happens(faults.get().lost() / EVENTS_PER_FAULT)) {
        silent = true;
      } else if (requests.happens(faults.get().throttled() / EVENTS_PER_FAULT)) {
        over = true;
        cancelModel();
        listener.failed(
            new StreamFailure(StreamFailure.Kind.UNAVAILABLE, "Cut off by the simulation"));
      }
      if (silent || over) {
        onFault.run();
      }
      return silent || over;
    }

    private void pause(SubscriptionStep.Pause pause) {
      Duration time = Duration.between(streams.now(), pause.until());
      world.schedule(time.isNegative() ? Duration.ZERO : time, this::pump);
    }

    private void end(SubscriptionStep.End end) {
      over = true;
      end.error()
          .ifPresentOrElse(
              error -> listener.failed(SimulatedRequests.failureOf(error)), listener::ended);
    }
  }
}
