package org.openkcl.retrieval;

import java.util.HashSet;
import java.util.Set;
import org.openkcl.environment.Environment;
import org.openkcl.environment.RateLimitedLog;
import org.openkcl.lineage.StreamFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Record sources that subscribe, and poll shards whose subscriptions keep failing until those work
 * again. Says once that polling begins, and once that it is over.
 *
 * <p>Confined to the worker's event loop.
 */
public final class FallbackRecordSources implements RecordSources {
  /** Longer than the service refuses a subscription because of the one before. */
  public static final int FAILURES_TOLERATED = 6;

  private static final Logger log = LoggerFactory.getLogger(FallbackRecordSources.class);

  private final Environment environment;
  private final RecordSources fanOut;
  private final RecordSources polling;
  private final String stream;
  private final RateLimitedLog warnings;
  private final Set<String> polled = new HashSet<>();

  /**
   * @param environment the worker's
   * @param fanOut gives up after {@link #FAILURES_TOLERATED}
   * @param polling of the same stream
   * @param stream names it in the log
   */
  public FallbackRecordSources(
      Environment environment, RecordSources fanOut, RecordSources polling, String stream) {
    this.environment = environment;
    this.fanOut = fanOut;
    this.polling = polling;
    this.stream = stream;
    this.warnings = new RateLimitedLog(environment, log);
  }

  @Override
  public RecordSource open(String shardId, ReadStart start) {
    return new FallbackRecordSource(this, shardId, start);
  }

  Environment environment() {
    return environment;
  }

  RecordSource subscribing(String shardId, ReadStart start) {
    return fanOut.open(shardId, start);
  }

  RecordSource polling(String shardId, ReadStart start) {
    return polling.open(shardId, start);
  }

  /** A shard is polled from now on. */
  void fallenBack(String shardId, StreamFailure cause) {
    if (polled.isEmpty()) {
      warnings.warn(
          "stream.fan-out-failed",
          ("Stream %s cannot be read by enhanced fan-out now and is polled where that fails, until"
                  + " it works again. Polling shares 2 MB/s per shard with other applications. The"
                  + " first failure was of %s: %s (%s)")
              .formatted(stream, shardId, cause.getMessage(), cause.kind()));
    } else {
      log.debug("Shard {} is polled", shardId, cause);
    }
    polled.add(shardId);
  }

  /** A shard is not polled any more: a subscription has brought something, or it was closed. */
  void noLongerPolled(String shardId, boolean closed) {
    if (polled.remove(shardId) && polled.isEmpty() && !closed) {
      log.atInfo()
          .addKeyValue("event", "stream.fan-out-again")
          .log("Stream {} is read by enhanced fan-out again", stream);
    }
  }
}
