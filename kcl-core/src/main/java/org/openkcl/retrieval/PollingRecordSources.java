package org.openkcl.retrieval;

import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.RateLimitedLog;

/**
 * Record sources that poll the shards of one stream with GetRecords.
 *
 * <p>Confined to the worker's event loop.
 */
public final class PollingRecordSources implements RecordSources {
  private final Environment environment;
  private final EventLoop loop;
  private final ShardReader reader;
  private final PollSettings settings;
  private final MemoryBudget budget;
  private final RateLimitedLog warnings;

  /**
   * @param environment the worker's
   * @param loop the worker's
   * @param reader of the stream
   * @param settings of the stream
   * @param budget the worker's, shared by all its streams
   */
  public PollingRecordSources(
      Environment environment,
      EventLoop loop,
      ShardReader reader,
      PollSettings settings,
      MemoryBudget budget) {
    this.environment = environment;
    this.loop = loop;
    this.reader = reader;
    this.settings = settings;
    this.budget = budget;
    this.warnings = new RateLimitedLog(environment, PollingRecordSource.log);
  }

  @Override
  public RecordSource open(String shardId, ReadStart start) {
    return new PollingRecordSource(this, shardId, start);
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

  ShardReader reader() {
    return reader;
  }

  PollSettings settings() {
    return settings;
  }

  MemoryBudget budget() {
    return budget;
  }
}
