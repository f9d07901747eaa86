package org.openkcl.retrieval;

import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.RateLimitedLog;

/**
 * Record sources that subscribe to the shards of one stream (enhanced fan-out).
 *
 * <p>Confined to the worker's event loop.
 */
public final class FanOutRecordSources implements RecordSources {
  private final Environment environment;
  private final EventLoop loop;
  private final ShardSubscriber subscriber;
  private final FanOutSettings settings;
  private final MemoryBudget budget;
  private final RateLimitedLog warnings;
  private final OpeningPace openings = new OpeningPace();
  private long windowBytes;

  /**
   * @param environment the worker's
   * @param loop the worker's
   * @param subscriber of the stream
   * @param settings of the stream
   * @param budget the worker's, shared by all its streams
   */
  public FanOutRecordSources(
      Environment environment,
      EventLoop loop,
      ShardSubscriber subscriber,
      FanOutSettings settings,
      MemoryBudget budget) {
    this.environment = environment;
    this.loop = loop;
    this.subscriber = subscriber;
    this.settings = settings;
    this.budget = budget;
    this.warnings = new RateLimitedLog(environment, FanOutRecordSource.log);
  }

  @Override
  public RecordSource open(String shardId, ReadStart start) {
    return new FanOutRecordSource(this, shardId, start);
  }

  Environment environment() {
    return environment;
  }

  /** Shared by all shards, which seldom fail for a reason of their own. */
  RateLimitedLog warnings() {
    return warnings;
  }

  EventLoop loop() {
    return loop;
  }

  ShardSubscriber subscriber() {
    return subscriber;
  }

  FanOutSettings settings() {
    return settings;
  }

  MemoryBudget budget() {
    return budget;
  }

  OpeningPace openings() {
    return openings;
  }

  /**
   * Reserves what the transport may hold of a subscription unasked. Windows are counted up to half
   * of the budget: they are held as long as subscriptions last, and if they took all of it nothing
   * could ever be requested.
   */
  Window reserveWindow(int openShards, Runnable whenGranted) {
    long wanted = TransportSize.of(openShards, budget.limitBytes(), 1).windowBytes();
    return new Window(
        Math.max(0, Math.min(wanted, budget.limitBytes() / 2 - windowBytes)), whenGranted);
  }

  /** The memory of one subscription's window. */
  final class Window {
    private final long bytes;
    private final MemoryBudget.Reservation memory;
    private boolean released;

    private Window(long bytes, Runnable whenGranted) {
      this.bytes = bytes;
      windowBytes += bytes;
      memory = budget.reserve(MemoryBudget.Purpose.NEEDED_NOW, () -> bytes, whenGranted);
    }

    boolean isGranted() {
      return memory.isGranted();
    }

    void release() {
      if (!released) {
        released = true;
        windowBytes -= bytes;
        memory.release();
      }
    }
  }
}
