package org.openkcl.processor;

/**
 * A failure that the application must deal with. Checked, as in Amazon's library.
 */
public abstract class KinesisClientLibException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With a message. */
  protected KinesisClientLibException(String message) {
    super(message);
  }

  /** With a message and the failure behind it. */
  protected KinesisClientLibException(String message, Throwable cause) {
    super(message, cause);
  }
}
