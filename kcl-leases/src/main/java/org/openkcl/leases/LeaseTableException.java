package org.openkcl.leases;

import org.jspecify.annotations.Nullable;

/** The lease table could not be asked or did not answer. */
public final class LeaseTableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What went wrong, and whether trying again helps. */
  public enum Kind {
    /**
     * Too many requests; try again later. The AWS client may have tried several times before it
     * gave up, so a write may have happened.
     */
    THROTTLED,
    /** No answer, or a server-side failure; a write may or may not have happened; try again. */
    UNAVAILABLE,
    /** The table does not exist (any more). */
    TABLE_MISSING,
    /** The credentials may not do this; a retry does not help until they change. */
    DENIED,
    /** The item is there and is not a lease that can be understood; it needs repair. */
    MALFORMED,
    /** The request was refused for another reason; a retry does not help. */
    REFUSED
  }

  private final Kind kind;

  public LeaseTableException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** Whether the request may have taken effect although it failed. */
  public boolean outcomeUnknown() {
    return retryable();
  }

  /** Whether the same request can succeed later. */
  public boolean retryable() {
    return kind == Kind.THROTTLED || kind == Kind.UNAVAILABLE;
  }
}
