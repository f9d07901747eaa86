package org.openkcl.processor;

/**
 * A failure that trying again does not mend.
 */
public class KinesisClientLibNonRetryableException extends KinesisClientLibException {
  private static final long serialVersionUID = 1L;

  /** With a message. */
  public KinesisClientLibNonRetryableException(String message) {
    super(message);
  }

  /** With a message and the failure behind it. */
  public KinesisClientLibNonRetryableException(String message, Throwable cause) {
    super(message, cause);
  }
}
