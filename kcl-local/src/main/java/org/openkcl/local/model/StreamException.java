package org.openkcl.local.model;

/**
 * An answer that the Kinesis API reference lists under <em>Errors</em>: its type (for instance {@code
 * ResourceNotFoundException}) and its message. The request changed nothing.
 *
 * <p>A retry helps with {@code LimitExceededException} (once there is room again); the others want
 * another request.
 */
public final class StreamException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String errorType;

  public StreamException(String errorType, String message) {
    super(message);
    this.errorType = errorType;
  }

  /** The error's name in the API reference. */
  public String errorType() {
    return errorType;
  }

  /** The message; never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  /** An argument that is well formed and makes no sense here. */
  public static StreamException invalidArgument(String message) {
    return new StreamException("InvalidArgumentException", message);
  }

  /** A member that breaks one of the constraints written in the API reference. */
  public static StreamException validation(Object value, String member, String constraint) {
    return new StreamException(
        "ValidationException",
        "1 validation error detected: Value '"
            + value
            + "' at '"
            + member
            + "' failed to satisfy constraint: Member must "
            + constraint);
  }

  /** A required member that is absent. */
  public static StreamException missing(String member) {
    return new StreamException(
        "ValidationException",
        "1 validation error detected: Value null at '"
            + member
            + "' failed to satisfy constraint: Member must not be null");
  }

  /** A request that the resource's mode or the account's settings rule out. */
  static StreamException invalidRequest(String message) {
    return new StreamException("ValidationException", message);
  }

  static StreamException notFound(String message) {
    return new StreamException("ResourceNotFoundException", message);
  }

  static StreamException inUse(String message) {
    return new StreamException("ResourceInUseException", message);
  }

  static StreamException limitExceeded(String message) {
    return new StreamException("LimitExceededException", message);
  }
}
