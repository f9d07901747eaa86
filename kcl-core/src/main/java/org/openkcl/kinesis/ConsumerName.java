package org.openkcl.kinesis;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the consumer of a stream is named: by a name, under which it is registered with each stream
 * unless it is there, or by the ARN of one that somebody else has registered.
 *
 * @param name 1 to 128 letters, digits, dots, underscores and hyphens
 * @param arn null when it is the application's to register
 */
public record ConsumerName(String name, @Nullable String arn) {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,128}");
  private static final Pattern ARN = Pattern.compile(
      "arn:[a-z-]+:kinesis:[a-z0-9-]+:[0-9]{12}:stream/[a-zA-Z0-9_.-]{1,128}/consumer/([a-zA-Z0-9_.-]{1,128}):[0-9]+");

  public ConsumerName {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "The name of a consumer must have 1 to 128 letters, digits, '_', '.' or '-': got '%s'. Choose one with Retrieval.fanOut().consumerName(...); without, the application's name is used."
              .formatted(name));
    }
  }

  /** The name under which the application registers. */
  public static ConsumerName of(String name) {
    return new ConsumerName(name, null);
  }

  /**
   * The consumer with this ARN.
   *
   * @throws IllegalArgumentException when it is not one
   */
  public static ConsumerName ofArn(String arn) {
    var match = ARN.matcher(arn);
    if (!match.matches()) {
      throw new IllegalArgumentException(
          "A consumer must be given by its ARN (arn:aws:kinesis:<region>:<account>:stream/<stream>/consumer/<name>:<seconds>): got '"
              + arn
              + "'");
    }
    return new ConsumerName(match.group(1), arn);
  }

  @Override
  public String toString() {
    return arn == null ? name : arn;
  }
}
