package org.openkcl.kinesis;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a stream is named to the service: by its name, in the account of the credentials, or by its
 * ARN, which may belong to another account.
 *
 * @param name 1 to 128 letters, digits, dots, underscores and hyphens
 * @param arn null when addressed by name
 */
public record StreamAddress(String name, @Nullable String arn) {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,128}");
  private static final Pattern ARN =
      Pattern.compile("arn:[a-z-]+:kinesis:[a-z0-9-]+:[0-9]{12}:stream/[a-zA-Z0-9_.-]{1,128}");

  public StreamAddress {
    boolean valid = NAME.matcher(name).matches()
        && (arn == null || (ARN.matcher(arn).matches() && arn.endsWith("/" + name)));
    if (!valid) {
      throw new IllegalArgumentException(
          "A stream must be given by its name (letters, digits, '_', '.', '-', at most 128) or its"
              + " ARN (arn:aws:kinesis:<region>:<account>:stream/<name>): got '"
              + (arn == null ? name : arn)
              + "'");
    }
  }

  /**
   * Understands a name or an ARN.
   *
   * @throws IllegalArgumentException when it is neither
   */
  public static StreamAddress of(String nameOrArn) {
    return nameOrArn.startsWith("arn:")
        ? new StreamAddress(nameOrArn.substring(nameOrArn.lastIndexOf('/') + 1), nameOrArn)
        : new StreamAddress(nameOrArn, null);
  }

  /** The name where the service wants one or the other: null when there is an ARN. */
  @Nullable
  String nameUnlessArn() {
    return arn == null ? name : null;
  }

  @Override
  public String toString() {
    return arn == null ? name : arn;
  }
}
