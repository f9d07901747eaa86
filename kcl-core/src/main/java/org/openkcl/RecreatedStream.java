package org.openkcl;

/**
 * What is done about a stream that was deleted and created again under its name. The positions that
 * its leases keep mean nothing in the new stream.
 */
public enum RecreatedStream {
  /**
   * The stream is not read, and health says why; an application that reads one stream ends. Nothing
   * is changed in the lease table. The default: somebody should decide.
   */
  STOP,
  /**
   * The new stream is read from its first record or, with {@link InitialPosition#atTimestamp}, from
   * that. Its leases take the place of the former stream's, under greater fencing tokens.
   */
  START_ANEW
}
