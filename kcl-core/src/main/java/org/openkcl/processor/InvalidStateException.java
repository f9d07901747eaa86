package org.openkcl.processor;

/**
 * The lease table is not usable, for example because it was deleted. Trying again does not help
 * before somebody has mended it.
 */
public class InvalidStateException extends KinesisClientLibNonRetryableException {
  private static final long serialVersionUID = 1L;

  /** With a message. */
  public InvalidStateException(String message) {
    super(message);
  }

  /** With a message and the failure behind it. */
  public InvalidStateException(String message, Throwable cause) {
    super(message, cause);
  }
}
