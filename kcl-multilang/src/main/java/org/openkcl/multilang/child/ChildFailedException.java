package org.openkcl.multilang.child;

/**
 * The child process of a shard is gone or of no more use. The shard begins again from its last
 * checkpoint with another one.
 */
public final class ChildFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  ChildFailedException(String message) {
    super(message);
  }

  ChildFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
