package org.openkcl.kinesis;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.lineage.StreamFailure.Kind;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisServiceClientConfiguration;
import software.amazon.awssdk.services.kinesis.model.ExpiredIteratorException;
import software.amazon.awssdk.services.kinesis.model.ExpiredNextTokenException;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.LimitExceededException;
import software.amazon.awssdk.services.kinesis.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;

/**
 * What the client throws, in the core's words: a kind that says whether a retry helps and a message
 * that says what to do.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/kinesis/latest/APIReference/CommonErrors.html">Common
 *     errors</a>
 */
final class KinesisFailures {
  private final StreamAddress stream;
  private final String region;
  private final String endpoint;

  KinesisFailures(StreamAddress stream, KinesisServiceClientConfiguration client) {
    this.stream = stream;
    Region configured = client.region();
    this.region = configured == null ? "the configured region" : configured.id();
    Optional<URI> override = client.endpointOverride();
    this.endpoint = override.map(URI::toString).orElse("the service's endpoint in " + region);
  }

  /**
   * @param shardId the shard that was asked for; null when it was the stream
   */
  StreamFailure of(Throwable thrown, @Nullable String shardId) {
    Throwable cause = unwrap(thrown);
    if (cause instanceof StreamFailure known) {
      return known;
    }
    if (cause instanceof AwsServiceException answer) {
      Kind kind = kindOf(answer);
      return new StreamFailure(kind, explain(kind, answer, shardId), cause);
    }
    if (cause instanceof SdkClientException && text(cause).contains("Unable to load credentials")) {
      return new StreamFailure(
          Kind.DENIED,
          "No AWS credentials were found for stream '%s'. Configure the SDK's default credentials chain or give the client credentials. (%s)"
              .formatted(stream, text(cause)),
          cause);
    }
    return new StreamFailure(Kind.UNAVAILABLE, explainNoAnswer(cause), cause);
  }

  /**
   * A failure to read from an iterator. One that the service cannot make sense of is no better than
   * one that has expired.
   */
  StreamFailure ofRead(Throwable thrown) {
    Throwable cause = unwrap(thrown);
    return cause instanceof InvalidArgumentException answer
        ? new StreamFailure(
            Kind.EXPIRED_ITERATOR, explain(Kind.EXPIRED_ITERATOR, answer, null), cause)
        : of(thrown, null);
  }

  /** A reply that came whole and makes no sense; another one may. */
  StreamFailure ofUnreadable(IOException unreadable) {
    return new StreamFailure(
        Kind.UNAVAILABLE,
        "A reply of Kinesis at %s for stream '%s' cannot be read: %s. Retried; if it lasts, something between here and the service changes replies."
            .formatted(endpoint, stream, unreadable.getMessage()),
        unreadable);
  }

  /** A failure of a subscription, for which a resource in use is another subscription. */
  StreamFailure ofSubscription(Throwable thrown, String shardId) {
    Throwable cause = unwrap(thrown);
    return cause instanceof ResourceInUseException answer
        ? new StreamFailure(Kind.IN_USE, explain(Kind.IN_USE, answer, shardId), cause)
        : of(thrown, shardId);
  }

  private static Kind kindOf(AwsServiceException answer) {
    if (answer instanceof ResourceNotFoundException) {
      return Kind.NOT_FOUND;
    }
    if (answer instanceof ExpiredIteratorException || answer instanceof ExpiredNextTokenException) {
      return Kind.EXPIRED_ITERATOR;
    }
    if (answer instanceof ResourceInUseException) {
      return Kind.UNAVAILABLE;
    }
    if (answer instanceof ProvisionedThroughputExceededException
        || answer instanceof LimitExceededException
        || answer.isThrottlingException()
        || codeOf(answer).equals("KMSThrottlingException")) {
      return Kind.THROTTLED;
    }
    if (isDenied(answer)) {
      return Kind.DENIED;
    }
    return answer.statusCode() >= 500 ? Kind.UNAVAILABLE : Kind.REFUSED;
  }

  private static boolean isDenied(AwsServiceException answer) {
    return switch (codeOf(answer)) {
      case "AccessDeniedException",
          "ExpiredTokenException",
          "IncompleteSignature",
          "InvalidClientTokenId",
          "InvalidSignatureException",
          "KMSAccessDeniedException",
          "KMSDisabledException",
          "KMSInvalidStateException",
          "KMSNotFoundException",
          "KMSOptInRequired",
          "MissingAuthenticationTokenException",
          "NotAuthorized",
          "OptInRequired",
          "UnrecognizedClientException" -> true;
      default -> answer.statusCode() == 401 || answer.statusCode() == 403;
    };
  }

  private String explain(Kind kind, AwsServiceException answer, @Nullable String shardId) {
    String said = answer.awsErrorDetails() == null
        ? text(answer)
        : codeOf(answer) + ": " + answer.awsErrorDetails().errorMessage();
    return switch (kind) {
      case NOT_FOUND -> explainMissing(shardId, said);
      case THROTTLED ->
        "Kinesis limits the requests to stream '%s': %s. Retried with back-off; if it lasts, fewer applications should poll it or it needs more shards."
            .formatted(stream, said);
      case EXPIRED_ITERATOR ->
        "An iterator or page token of stream '%s' has expired: %s. Another one is opened."
            .formatted(stream, said);
      case DENIED ->
        "Access to stream '%s' in %s is denied: %s. Check the credentials, the policy of their role, and the state and policy of the stream's KMS key."
            .formatted(stream, region, said);
      case UNAVAILABLE ->
        "Kinesis at %s cannot serve stream '%s' now: %s. Retried."
            .formatted(endpoint, stream, said);
      case IN_USE ->
        "Another subscription of the same consumer to %s of stream '%s' has just begun: %s. Retried; if it lasts, two applications share one consumer."
            .formatted(shardId, stream, said);
      case REFUSED ->
        "Kinesis refused a request for stream '%s'%s: %s."
            .formatted(stream, shardId == null ? "" : ", " + shardId, said);
    };
  }

  private String explainMissing(@Nullable String shardId, String said) {
    String account = stream.arn() == null ? " (account of these credentials)" : "";
    return shardId == null
        ? "Stream '%s' does not exist in %s%s. Create it, or check streamName and region. (%s)"
            .formatted(stream, region, account, said)
        : "Shard '%s' or its stream '%s' does not exist in %s%s: it was deleted, or the shard ended longer ago than the stream's retention period. (%s)"
            .formatted(shardId, stream, region, account, said);
  }

  private String explainNoAnswer(Throwable cause) {
    if (cause instanceof ApiCallTimeoutException
        || cause instanceof ApiCallAttemptTimeoutException) {
      return "Kinesis at %s did not answer in time for stream '%s': %s. Retried; check the network if it lasts."
          .formatted(endpoint, stream, text(cause));
    }
    return "Kinesis at %s cannot be reached for stream '%s': %s. Retried; check endpoint, region and network if it lasts."
        .formatted(endpoint, stream, rootText(cause));
  }

  private static Throwable unwrap(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return thrown instanceof CompletionException && cause != null ? cause : thrown;
  }

  private static String codeOf(AwsServiceException answer) {
    String code =
        answer.awsErrorDetails() == null ? null : answer.awsErrorDetails().errorCode();
    return code == null ? "" : code;
  }

  private static String rootText(Throwable thrown) {
    Throwable root = thrown;
    for (Throwable next = root.getCause(); next != null; next = root.getCause()) {
      root = next;
    }
    return text(root);
  }

  private static String text(Throwable thrown) {
    return thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
  }
}
