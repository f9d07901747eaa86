package org.openkcl.local.faults;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.model.StreamNames;

/**
 * An error reply as the service gives it (API reference: the operation's Errors, Common Errors).
 *
 * @param status 400, 500 or 503
 * @param type {@code ProvisionedThroughputExceededException} for instance
 * @param message in the service's words
 */
public record FaultError(int status, String type, String message) {
  private static final Set<String> ON_RECORDS =
      Set.of("PutRecord", "PutRecords", "GetRecords", "GetShardIterator");

  static FaultError of(FaultKind kind, FaultCall call) {
    return switch (kind) {
      case THROTTLE ->
        new FaultError(
            400,
            ON_RECORDS.contains(call.operation())
                ? "ProvisionedThroughputExceededException"
                : "LimitExceededException",
            "Rate exceeded for " + subject(call) + ".");
      case INTERNAL_FAILURE ->
        new FaultError(
            500,
            ON_RECORDS.contains(call.operation()) ? "InternalFailureException" : "InternalFailure",
            "Internal service failure: a fault on command.");
      case SERVICE_UNAVAILABLE ->
        new FaultError(503, "ServiceUnavailable", "Service unavailable: a fault on command.");
      case ACCESS_DENIED -> new FaultError(400, "AccessDeniedException", denial(call));
      case EXPIRED_ITERATOR ->
        new FaultError(400, "ExpiredIteratorException", "Iterator expired: a fault on command.");
      case LATENCY,
          CONNECTION_RESET,
          LOST_REPLY,
          DROPPED_SUBSCRIPTION,
          STALLED_SUBSCRIPTION,
          DUPLICATE_CONTINUATION -> throw new IllegalArgumentException(kind + " is no error reply");
    };
  }

  /** The error of one record: of PutRecords an ErrorCode, of PutRecord the error of the call. */
  static FaultError ofRecord(FaultKind kind, FaultCall call) {
    FaultError error = of(kind, call);
    return kind == FaultKind.INTERNAL_FAILURE && call.operation().equals("PutRecords")
        ? new FaultError(error.status(), "InternalFailure", error.message())
        : error;
  }

  private static String subject(FaultCall call) {
    String shard = call.shard() == null ? "" : "shard " + call.shard() + " in ";
    String stream = call.stream() == null ? "" : "stream " + call.stream() + " under ";
    return shard + stream + "account " + StreamNames.ACCOUNT;
  }

  private static String denial(FaultCall call) {
    return "User: arn:aws:iam::"
        + StreamNames.ACCOUNT
        + ":user/local is not authorized to perform: kinesis:"
        + call.operation()
        + " on resource: "
        + resource(call.stream())
        + " because no identity-based policy allows the kinesis:"
        + call.operation()
        + " action";
  }

  private static String resource(@Nullable String stream) {
    return StreamNames.arn(stream == null ? "*" : stream);
  }
}
