package org.openkcl.local.http;

import org.openkcl.local.model.LocalStreams;

/** Keeps what has happened to streams before it is acknowledged. */
public interface StreamKeeper extends AutoCloseable {
  /** For streams that end with the process. */
  StreamKeeper IN_MEMORY = new StreamKeeper() {
    @Override
    public long settle(LocalStreams changed, boolean mayHaveChangedSettings) {
      return 0;
    }

    @Override
    public void await(long position) {}

    @Override
    public void close() {}
  };

  /**
   * Takes in what is new; called with the streams to itself.
   *
   * @param mayHaveChangedSettings whether more than records may have changed
   * @return to be given to {@link #await}
   */
  long settle(LocalStreams changed, boolean mayHaveChangedSettings);

  /** Waits until all up to a position is as safe as promised; called beside other threads. */
  void await(long position);

  @Override
  void close();
}
