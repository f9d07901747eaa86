package org.openkcl.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.lineage.StreamFailure.Kind;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.kinesis.model.ExpiredIteratorException;
import software.amazon.awssdk.services.kinesis.model.ExpiredNextTokenException;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.LimitExceededException;
import software.amazon.awssdk.services.kinesis.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;

class KinesisFailuresTest {
  private static final AwsClients CLIENTS = AwsClients.create(AwsClientsTest.NOWHERE);
  private final KinesisFailures failures = new KinesisFailures(
      StreamAddress.of("flights"), CLIENTS.kinesis().serviceClientConfiguration());

  @AfterAll
  static void close() {
    CLIENTS.close();
  }

  @Test
  void theServicesOwnExceptionsHaveTheirKinds() {
    assertThat(kindOf(ResourceNotFoundException.builder().build())).isEqualTo(Kind.NOT_FOUND);
    assertThat(kindOf(ExpiredIteratorException.builder().build())).isEqualTo(Kind.EXPIRED_ITERATOR);
    assertThat(kindOf(ExpiredNextTokenException.builder().build()))
        .isEqualTo(Kind.EXPIRED_ITERATOR);
    assertThat(kindOf(ProvisionedThroughputExceededException.builder().build()))
        .isEqualTo(Kind.THROTTLED);
    assertThat(kindOf(LimitExceededException.builder().build())).isEqualTo(Kind.THROTTLED);
    assertThat(kindOf(ResourceInUseException.builder().build())).isEqualTo(Kind.UNAVAILABLE);
  }

  @ParameterizedTest
  @CsvSource({
    "ThrottlingException,          400, THROTTLED",
    "KMSThrottlingException,       400, THROTTLED",
    "AccessDeniedException,        400, DENIED",
    "KMSAccessDeniedException,     400, DENIED",
    "KMSDisabledException,         400, DENIED",
    "KMSNotFoundException,         400, DENIED",
    "UnrecognizedClientException,  400, DENIED",
    "ExpiredTokenException,        400, DENIED",
    "Anything,                     403, DENIED",
    "InternalFailure,              500, UNAVAILABLE",
    "ServiceUnavailable,           503, UNAVAILABLE",
    "ValidationException,          400, REFUSED"
  })
  void otherErrorsAreToldByCodeAndStatus(String code, int status, Kind kind) {
    StreamFailure failure = failures.of(error(code, status), null);
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure).hasMessageContaining("'flights'").hasMessageContaining("said this");
  }

  @Test
  void anArgumentThatMakesNoSenseIsRefusedExceptWhenReading() {
    Throwable invalid = new CompletionException(InvalidArgumentException.builder()
        .awsErrorDetails(AwsErrorDetails.builder()
            .errorCode("InvalidArgumentException")
            .errorMessage("said this")
            .build())
        .build());
    assertThat(failures.of(invalid, "shardId-1").kind()).isEqualTo(Kind.REFUSED);
    assertThat(failures.ofRead(invalid).kind()).isEqualTo(Kind.EXPIRED_ITERATOR);
  }

  @Test
  void whatIsMissingIsNamed() {
    ResourceNotFoundException missing = ResourceNotFoundException.builder().build();
    assertThat(failures.of(missing, null))
        .hasMessageContaining("Stream 'flights' does not exist in us-east-1")
        .hasMessageContaining("Create it, or check streamName and region.");
    assertThat(failures.of(missing, "shardId-7")).hasMessageContaining("Shard 'shardId-7'");
  }

  @Test
  void noAnswerNamesTheEndpointAndTheCauseAtTheBottom() {
    StreamFailure refused = failures.of(
        SdkClientException.create("Unable to execute", new ConnectException("refused")), null);
    assertThat(refused.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(refused)
        .hasMessageContaining("http://127.0.0.1:9 cannot be reached")
        .hasMessageContaining("refused");
    StreamFailure late = failures.of(ApiCallTimeoutException.create(30_000), null);
    assertThat(late.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(late).hasMessageContaining("did not answer in time");
    StreamFailure unknown =
        failures.of(SdkClientException.create("Unable to load credentials from any"), null);
    assertThat(unknown.kind()).isEqualTo(Kind.DENIED);
  }

  @Test
  void aFailureThatIsTranslatedAlreadyStaysAsItIs() {
    StreamFailure known = new StreamFailure(Kind.DENIED, "known");
    assertThat(failures.of(new CompletionException(known), null)).isSameAs(known);
  }

  private Kind kindOf(Throwable thrown) {
    return failures.of(thrown, null).kind();
  }

  private static Throwable error(String code, int status) {
    return KinesisException.builder()
        .statusCode(status)
        .awsErrorDetails(
            AwsErrorDetails.builder().errorCode(code).errorMessage("said this").build())
        .build();
  }
}
