package org.openkcl.processor;

/**
 * A failure that may be gone when the call is made again, best after a pause. Unchecked, as in
 * Amazon's library.
 */
public class KinesisClientLibRetryableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message. */
  public KinesisClientLibRetryableException(String message) {
    super(message);
  }

  /** With a message and the failure behind it. */
  public KinesisClientLibRetryableException(String message, Throwable cause) {
    super(message, cause);
  }
}
