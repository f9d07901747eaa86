package org.openkcl;

import java.util.List;

/**
 * Which streams an application reads, when that changes while it runs. Every worker asks again and
 * again; {@link #streamConfigList} should give the same on all of them. Where it does not for a
 * while, a stream may move to and fro between those that read it and those that do not.
 *
 * <p>Called on a thread for user code, one call at a time. What it throws is logged, and the streams
 * stay as they were.
 */
@FunctionalInterface
public interface MultiStreamTracker {

  /** The streams to read from now on; none of them twice. */
  List<StreamConfig> streamConfigList();

  /**
   * What becomes of the leases of streams that are not tracked any more. Default: they stay, so that
   * a stream that comes back is read on where it was.
   */
  default FormerStreamsLeasesDeletionStrategy formerStreamsLeasesDeletionStrategy() {
    return new FormerStreamsLeasesDeletionStrategy.NoLeaseDeletionStrategy();
  }
}
