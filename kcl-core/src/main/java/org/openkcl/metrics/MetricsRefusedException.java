package org.openkcl.metrics;

/** An intake will never accept these data: they are dropped. A retry does not help. */
public final class MetricsRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MetricsRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
