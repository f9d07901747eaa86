package org.openkcl.processor;

/**
 * This worker does not hold the shard any more, so that its checkpoint was not stored. Another
 * worker goes on after the last checkpoint: stop processing the shard and drop what is buffered.
 * Trying again does not help.
 */
public class ShutdownException extends KinesisClientLibNonRetryableException {
  private static final long serialVersionUID = 1L;

  /** With a message. */
  public ShutdownException(String message) {
    super(message);
  }

  /** With a message and the failure behind it. */
  public ShutdownException(String message, Throwable cause) {
    super(message, cause);
  }
}
