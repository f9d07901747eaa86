package org.openkcl.local.model;

import java.io.Serializable;

/**
 * Who asks for what.
 *
 * @param principal the access key id that signed the request; empty when nobody did
 * @param action the operation, such as {@code GetRecords}; empty when the model is asked directly,
 *     which needs no permission
 */
public record Call(String principal, String action) implements Serializable {
  /** The owner of the streams, without a request: everything is allowed. */
  public static final Call DIRECT = new Call("", "");

  boolean isDirect() {
    return action.isEmpty();
  }

  /** The caller as the service's messages name one. */
  String user() {
    return "arn:aws:iam::"
        + StreamNames.ACCOUNT
        + ":user/"
        + (principal.isEmpty() ? "anonymous" : principal);
  }
}
