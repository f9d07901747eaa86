package org.openkcl.local.model.metrics;

/** An error of the CloudWatch API, with the code that the API reference gives it. */
public final class MetricException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;

  public MetricException(String code, String message) {
    super(message);
    this.code = code;
  }

  static MetricException invalidValue(String message) {
    return new MetricException("InvalidParameterValue", message);
  }

  /** The code of the query protocol, such as {@code InvalidParameterValue}. */
  public String code() {
    return code;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
