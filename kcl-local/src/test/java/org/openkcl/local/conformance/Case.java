package org.openkcl.local.conformance;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.KinesisRequest;
import software.amazon.awssdk.services.kinesis.model.KinesisResponse;

/**
 * A request and what must come of it.
 *
 * @param operation its name in the API
 * @param what what is special about it
 * @param request prepares the streams and makes the request
 * @param check looks at the reply; null when there must be an error
 * @param error the error; null when there must be a reply
 * @param message what the error's message must contain
 * @param scripted whether the error comes of a fault on command
 */
record Case(
    String operation,
    String what,
    Function<Stage, KinesisRequest> request,
    @Nullable Consumer<KinesisResponse> check,
    @Nullable Class<? extends KinesisException> error,
    String message,
    boolean scripted) {
  /** The page of the API reference that the case follows. */
  String page() {
    return page(operation);
  }

  static String page(String operation) {
    return "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_" + operation + ".html";
  }

  @Override
  public String toString() {
    return operation
        + (error == null ? " answers " : " refuses with " + error.getSimpleName() + " ")
        + what
        + " (" + page() + ")";
  }
}
