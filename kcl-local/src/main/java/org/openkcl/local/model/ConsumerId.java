package org.openkcl.local.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which consumer is meant.
 *
 * @param streamName the stream it is registered with
 * @param consumerName unique within the stream
 * @param creationSeconds its creation time in seconds since the epoch, as consumer ARNs have it;
 *     null for whichever has the name now
 */
public record ConsumerId(
    String streamName, String consumerName, @Nullable Long creationSeconds) {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]+");
  private static final int NAME_LENGTH_MAX = 128;
  private static final Pattern ARN = Pattern.compile(
      "(arn:aws[^:]*:kinesis:[^:]*:\\d{12}:stream/([a-zA-Z0-9_.-]+))/consumer/([a-zA-Z0-9_.-]+)"
          + ":(\\d{1,18})");

  public static ConsumerId of(String streamName, String consumerName) {
    return new ConsumerId(streamName, checkedName(consumerName), null);
  }

  /**
   * The consumer of an ARN.
   *
   * @throws StreamException {@code ValidationException} when it is no ARN of a consumer; {@code
   *     ResourceNotFoundException} when it is one of another account or region
   */
  public static ConsumerId fromArn(String arn) {
    Matcher parts = ARN.matcher(arn);
    if (!parts.matches()) {
      throw StreamException.validation(
          arn,
          "consumerARN",
          "satisfy regular expression pattern: ^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/"
              + "[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+");
    }
    String streamName = StreamNames.fromArn(parts.group(1));
    return new ConsumerId(streamName, parts.group(3), Long.valueOf(parts.group(4)));
  }

  static String arn(String streamName, String consumerName, long createdMillis) {
    return StreamNames.arn(streamName)
        + "/consumer/"
        + consumerName
        + ":"
        + Math.floorDiv(createdMillis, 1_000);
  }

  static String checkedName(String consumerName) {
    if (consumerName.isEmpty()) {
      throw StreamException.validation(
          consumerName, "consumerName", "have length greater than or equal to 1");
    }
    if (consumerName.length() > NAME_LENGTH_MAX) {
      throw StreamException.validation(
          consumerName, "consumerName", "have length less than or equal to " + NAME_LENGTH_MAX);
    }
    if (!NAME.matcher(consumerName).matches()) {
      throw StreamException.validation(
          consumerName, "consumerName", "satisfy regular expression pattern: " + NAME.pattern());
    }
    return consumerName;
  }
}
