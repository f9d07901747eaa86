package org.openkcl.processor;

/**
 * The lease table's throughput is used up. Try again after a pause.
 */
public class ThrottlingException extends KinesisClientLibRetryableException {
  private static final long serialVersionUID = 1L;

  /** With a message. */
  public ThrottlingException(String message) {
    super(message);
  }

  /** With a message and the failure behind it. */
  public ThrottlingException(String message, Throwable cause) {
    super(message, cause);
  }
}
