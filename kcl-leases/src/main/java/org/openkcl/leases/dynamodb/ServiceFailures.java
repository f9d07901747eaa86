package org.openkcl.leases.dynamodb;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.openkcl.leases.LeaseTableException;
import org.openkcl.leases.LeaseTableException.Kind;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Says what a failed request to DynamoDB means, and what to do about it. */
final class ServiceFailures {
  private static final Set<String> THROTTLED = Set.of(
      "ProvisionedThroughputExceededException",
      "RequestLimitExceeded",
      "RequestLimitExceededException",
      "ThrottlingException",
      "Throttling",
      "LimitExceededException",
      "TransactionConflictException",
      "ReplicatedWriteConflictException");
  private static final Set<String> DENIED = Set.of(
      "AccessDeniedException",
      "AccessDenied",
      "UnrecognizedClientException",
      "InvalidClientTokenId",
      "IncompleteSignature",
      "InvalidSignatureException",
      "MissingAuthenticationToken",
      "MissingAuthenticationTokenException",
      "ExpiredToken",
      "ExpiredTokenException",
      "OptInRequired");

  private ServiceFailures() {}

  /**
   * Sends a request.
   *
   * @return the answer; fails as the client fails, even where the client throws at once
   */
  static <T> CompletableFuture<T> sent(Supplier<CompletableFuture<T>> request) {
    try {
      return request.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** The failure behind the wrappers that stages put around it. */
  static Throwable causeOf(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /**
   * The failure in the port's words.
   *
   * @param operation as DynamoDB and IAM name it, such as {@code UpdateItem}
   */
  static LeaseTableException translated(String table, String operation, Throwable failure) {
    Throwable cause = causeOf(failure);
    if (cause instanceof LeaseTableException translated) {
      return translated;
    }
    String what = operation + " on lease table '" + table + "'";
    Kind kind = kindOf(cause);
    return new LeaseTableException(kind, what + message(kind, table, operation, cause), cause);
  }

  private static Kind kindOf(Throwable failure) {
    if (failure instanceof AwsServiceException service) {
      String code = codeOf(service);
      if (service.isClockSkewException()) {
        return Kind.UNAVAILABLE;
      }
      if (THROTTLED.contains(code) || service.isThrottlingException()) {
        return Kind.THROTTLED;
      }
      if (code.equals("ResourceNotFoundException")) {
        return Kind.TABLE_MISSING;
      }
      if (DENIED.contains(code)) {
        return Kind.DENIED;
      }
      return service.statusCode() >= 500 ? Kind.UNAVAILABLE : Kind.REFUSED;
    }
    return failure instanceof SdkClientException || failure instanceof TimeoutException
        ? Kind.UNAVAILABLE
        : Kind.REFUSED;
  }

  private static String message(Kind kind, String table, String operation, Throwable cause) {
    String said = cause instanceof AwsServiceException service
        ? codeOf(service) + ": " + service.getMessage()
        : String.valueOf(cause);
    return switch (kind) {
      case THROTTLED ->
        " was throttled. Try again later; if this goes on, raise the table's capacity or set it"
            + " to PAY_PER_REQUEST ("
            + said
            + ")";
      case UNAVAILABLE ->
        isTimeout(cause)
            ? " had no answer in time; it may or may not have happened. Try again; if this"
                + " goes on, check the network path to DynamoDB or raise the request timeout ("
                + said
                + ")"
            : " had no usable answer; it may or may not have happened. Try again; if this"
                + " goes on, check network, endpoint and credentials ("
                + said
                + ")";
      case TABLE_MISSING ->
        " found no such table. Check application name, account and region, or restart the worker to"
            + " have it created ("
            + said
            + ")";
      case DENIED ->
        " was denied. Allow dynamodb:"
            + operation
            + " on table/"
            + table
            + " to the worker's role, and check that its credentials are valid ("
            + said
            + ")";
      case MALFORMED, REFUSED -> " was refused; trying again does not help (" + said + ")";
    };
  }

  private static boolean isTimeout(Throwable failure) {
    return failure instanceof ApiCallTimeoutException
        || failure instanceof ApiCallAttemptTimeoutException
        || failure instanceof AbortedException
        || failure instanceof TimeoutException;
  }

  private static String codeOf(AwsServiceException failure) {
    String code =
        failure.awsErrorDetails() == null ? null : failure.awsErrorDetails().errorCode();
    return code == null ? failure.getClass().getSimpleName() : code;
  }
}
