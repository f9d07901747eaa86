package org.openkcl.processor;

/**
 * Information from Kinesis could not be read or contradicted itself. Try again after a pause.
 */
public class KinesisClientLibIOException extends KinesisClientLibRetryableException {
  private static final long serialVersionUID = 1L;

  /** With a message. */
  public KinesisClientLibIOException(String message) {
    super(message);
  }

  /** With a message and the failure behind it. */
  public KinesisClientLibIOException(String message, Throwable cause) {
    super(message, cause);
  }
}
