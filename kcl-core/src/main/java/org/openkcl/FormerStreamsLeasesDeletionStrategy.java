package org.openkcl;

import java.time.Duration;
import java.util.List;
import org.openkcl.processor.StreamIdentifier;

/**
 * What becomes of the leases of streams that an application read and reads no more. A lease that is
 * deleted takes the stream's checkpoint with it: should the stream come back, it is begun anew.
 *
 * <p>Whatever the strategy says, the leases of a stream stay while some worker of the application
 * still reads it.
 */
public interface FormerStreamsLeasesDeletionStrategy {

  /** The three ways. */
  enum StreamsLeasesDeletionType {
    /** Leases stay. */
    NO_STREAMS_LEASES_DELETION,
    /** The leases of every stream that is not tracked go, after the wait. */
    FORMER_STREAMS_AUTO_DETECTION_DEFERRED_DELETION,
    /** The leases of the streams that are named go, after the wait, unless they are tracked. */
    PROVIDED_STREAMS_DEFERRED_DELETION
  }

  /** Which of the three ways this is. */
  StreamsLeasesDeletionType leaseDeletionType();

  /** The streams whose leases are to go. */
  List<StreamIdentifier> streamIdentifiersForLeaseCleanup();

  /**
   * For how long a stream must have been on the way out. Counted in memory by the worker that
   * compares streams and leases; if that changes, counting begins anew.
   */
  Duration waitPeriodToDeleteFormerStreams();

  /** Leases stay. */
  class NoLeaseDeletionStrategy implements FormerStreamsLeasesDeletionStrategy {
    @Override
    public final StreamsLeasesDeletionType leaseDeletionType() {
      return StreamsLeasesDeletionType.NO_STREAMS_LEASES_DELETION;
    }

    @Override
    public final List<StreamIdentifier> streamIdentifiersForLeaseCleanup() {
      return List.of();
    }

    @Override
    public final Duration waitPeriodToDeleteFormerStreams() {
      return Duration.ZERO;
    }
  }

  /** The leases of every stream that is not tracked go. */
  abstract class AutoDetectionAndDeferredDeletionStrategy
      implements FormerStreamsLeasesDeletionStrategy {
    @Override
    public final StreamsLeasesDeletionType leaseDeletionType() {
      return StreamsLeasesDeletionType.FORMER_STREAMS_AUTO_DETECTION_DEFERRED_DELETION;
    }

    @Override
    public final List<StreamIdentifier> streamIdentifiersForLeaseCleanup() {
      return List.of();
    }
  }

  /** The leases of the streams that are named go. */
  abstract class ProvidedStreamsDeferredDeletionStrategy
      implements FormerStreamsLeasesDeletionStrategy {
    @Override
    public final StreamsLeasesDeletionType leaseDeletionType() {
      return StreamsLeasesDeletionType.PROVIDED_STREAMS_DEFERRED_DELETION;
    }
  }
}
