package org.openkcl.lineage;

import org.jspecify.annotations.Nullable;

/** A request to the stream that was not answered, in the library's own words. */
public final class StreamFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why there is no answer. */
  public enum Kind {
    /** The stream, shard or consumer does not exist, or exists no more. */
    NOT_FOUND(false),
    /** More requests or bytes than Kinesis allows; ask again later. */
    THROTTLED(true),
    /** The shard iterator or page token is too old; begin again with a new one. */
    EXPIRED_ITERATOR(true),
    /** The credentials do not allow the request. */
    DENIED(false),
    /** Kinesis or the way to it failed, or did not answer in time. */
    UNAVAILABLE(true),
    /** Another subscription of the same consumer to the shard has just begun; ask again later. */
    IN_USE(true),
    /** Kinesis says that the request is wrong. */
    REFUSED(false);

    private final boolean retryable;

    Kind(boolean retryable) {
      this.retryable = retryable;
    }
  }

  private final Kind kind;

  /** A failure with the exception behind it, if there is one. */
  public StreamFailure(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** A failure. */
  public StreamFailure(Kind kind, String message) {
    this(kind, message, null);
  }

  /** Why there is no answer. */
  public Kind kind() {
    return kind;
  }

  /** Whether the same request may succeed later without anybody mending anything. */
  public boolean retryable() {
    return kind.retryable;
  }
}
