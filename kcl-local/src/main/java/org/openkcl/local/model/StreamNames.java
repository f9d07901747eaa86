package org.openkcl.local.model;

import java.util.regex.Pattern;

/** Names and ARNs of streams of the one account and region there is. */
public final class StreamNames {
  /** The account of every stream. */
  public static final String ACCOUNT = "000000000000";

  /** The region of every stream. */
  public static final String REGION = "us-east-1";

  private static final String ARN_PREFIX = "arn:aws:kinesis:" + REGION + ":" + ACCOUNT + ":stream/";
  private static final int LENGTH_MAX = 128;
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]+");

  private StreamNames() {}

  public static String arn(String streamName) {
    return ARN_PREFIX + streamName;
  }

  /**
   * The stream's name in an ARN.
   *
   * @throws StreamException {@code InvalidArgumentException} when it is no ARN of a stream;
   *     {@code ResourceNotFoundException} when it is one of another account or region
   */
  public static String fromArn(String arn) {
    if (arn.startsWith(ARN_PREFIX)) {
      return arn.substring(ARN_PREFIX.length());
    }
    if (!arn.matches("arn:aws[^:]*:kinesis:[^:]*:\\d{12}:stream/\\S+")) {
      throw StreamException.validation(
          arn,
          "streamARN",
          "satisfy regular expression pattern: arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+");
    }
    throw StreamException.notFound(
        "Stream " + arn + " not found: kcl-local has account " + ACCOUNT + " and region " + REGION);
  }

  static String check(String streamName) {
    if (streamName.isEmpty()) {
      throw StreamException.validation(
          streamName, "streamName", "have length greater than or equal to 1");
    }
    if (streamName.length() > LENGTH_MAX) {
      throw StreamException.validation(
          streamName, "streamName", "have length less than or equal to " + LENGTH_MAX);
    }
    if (!NAME.matcher(streamName).matches()) {
      throw StreamException.validation(
          streamName, "streamName", "satisfy regular expression pattern: " + NAME.pattern());
    }
    return streamName;
  }

  static StreamException notFound(String streamName) {
    return StreamException.notFound(inAccount(streamName) + " not found.");
  }

  /** A stream whose status rules the operation out. */
  static StreamException inUse(String streamName, String status) {
    return new StreamException(
        "ResourceInUseException",
        inAccount(streamName) + " not ACTIVE, instead in state " + status + ".");
  }

  /** {@code Stream NAME under account 000000000000}, as the service's messages put it. */
  static String inAccount(String streamName) {
    return "Stream " + streamName + " under account " + ACCOUNT;
  }
}
