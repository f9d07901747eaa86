package org.openkcl.leases;

import org.jspecify.annotations.Nullable;

/**
 * What stands in {@link Ownership#writer()}: a worker of ours and its process, as {@code
 * worker/process}; or, while a lease waits for a worker of ours to take it, the worker alone, as
 * {@code worker/}. So whoever comes later knows that the lease was not left to another library, even
 * if its taker died before it took it.
 */
public final class LeaseWriter {
  private static final String SEPARATOR = "/";

  private LeaseWriter() {}

  /** A process of a worker. */
  public static String process(String worker, String processId) {
    return worker + SEPARATOR + processId;
  }

  /** Nobody yet: the lease waits for this worker of ours. */
  public static String awaited(String worker) {
    return worker + SEPARATOR;
  }

  /** Whether a writer names this worker, by a process or as the one that is awaited. */
  public static boolean names(@Nullable String writer, String worker) {
    return writer != null && writer.startsWith(worker + SEPARATOR);
  }

  /** Whether a writer is a process of this worker. */
  public static boolean isProcessOf(@Nullable String writer, String worker) {
    return names(writer, worker) && !awaited(worker).equals(writer);
  }

  /** The writer if it is a process; null while the lease waits for one. */
  public static @Nullable String processOnly(@Nullable String writer) {
    return writer == null || writer.endsWith(SEPARATOR) ? null : writer;
  }
}
