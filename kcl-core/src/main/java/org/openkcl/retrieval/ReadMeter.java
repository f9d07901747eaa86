package org.openkcl.retrieval;

import org.openkcl.lineage.StreamFailure;

/** Hears how the calls of one shard's source went. Confined to the event loop. */
public interface ReadMeter {
  /** Hears nothing. */
  ReadMeter NONE = new ReadMeter() {
    @Override
    public void iteratorOpened(long nanos) {}

    @Override
    public void iteratorRefused(StreamFailure.Kind kind, long nanos) {}

    @Override
    public void read(long nanos) {}

    @Override
    public void readRefused(StreamFailure.Kind kind, long nanos) {}

    @Override
    public void subscribed(long nanos) {}

    @Override
    public void subscriptionFailed(StreamFailure.Kind kind) {}
  };

  /** An iterator was opened, so long after it was asked for. */
  void iteratorOpened(long nanos);

  /** An iterator was not opened. */
  void iteratorRefused(StreamFailure.Kind kind, long nanos);

  /** A read was answered, with records or without. */
  void read(long nanos);

  /** A read failed. */
  void readRefused(StreamFailure.Kind kind, long nanos);

  /** A subscription was opened. */
  void subscribed(long nanos);

  /** A subscription was not opened, or ended before its time. */
  void subscriptionFailed(StreamFailure.Kind kind);
}
