package org.openkcl.processor;

/**
 * A service that the library needs failed or did not answer in time. Try again after a pause.
 */
public class KinesisClientLibDependencyException extends KinesisClientLibRetryableException {
  private static final long serialVersionUID = 1L;

  /** With a message. */
  public KinesisClientLibDependencyException(String message) {
    super(message);
  }

  /** With a message and the failure behind it. */
  public KinesisClientLibDependencyException(String message, Throwable cause) {
    super(message, cause);
  }
}
