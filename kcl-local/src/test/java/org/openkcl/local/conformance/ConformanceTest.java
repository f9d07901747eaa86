package org.openkcl.local.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.openkcl.local.LocalCloud;
import org.openkcl.local.ManualClock;
import org.openkcl.local.conformance.SdkCalls.Speech;
import org.openkcl.local.model.ServiceDelays;
import software.amazon.awssdk.services.kinesis.model.InternalFailureException;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.KinesisRequest;
import software.amazon.awssdk.services.kinesis.model.KinesisResponse;

/**
 * Every operation of the SDK's client, with success and with every error that the SDK declares for
 * it, over the wire.
 */
final class ConformanceTest {
  private static final ManualClock CLOCK =
      new ManualClock(Instant.parse("2030-01-01T00:00:00.250Z"));
  private static LocalCloud cloud;

  @BeforeAll
  static void start() {
    Duration none = Duration.ZERO;
    ServiceDelays delays = new ServiceDelays(Stage.CREATION, none, none, none, none, none);
    cloud = LocalCloud.builder().clock(CLOCK).delays(delays).start();
  }

  @AfterAll
  static void stop() {
    cloud.close();
  }

  @TestFactory
  Stream<DynamicTest> inCborOverHttp2() {
    return cases(Speech.CBOR_OVER_HTTP2);
  }

  @TestFactory
  Stream<DynamicTest> inJsonOverHttp1() {
    return cases(Speech.JSON_OVER_HTTP1);
  }

  @Test
  void hasACaseOrAReasonForEveryOperationAndError() {
    List<String> missing = new ArrayList<>();
    List<String> needless = new ArrayList<>();
    ModelledErrors.all().forEach((operation, errors) -> {
      Rows rows = Conformance.of(operation);
      NavigableSet<String> shown = Conformance.errors(rows, each -> true);
      NavigableSet<String> accounted = new TreeSet<>(shown);
      accounted.addAll(rows.never().keySet());
      errors.stream()
          .filter(error -> !accounted.contains(error))
          .forEach(error -> missing.add(operation + " " + error));
      accounted.stream()
          .filter(error -> !errors.contains(error))
          .forEach(error -> needless.add(operation + " " + error));
      rows.never().keySet().stream()
          .filter(shown::contains)
          .forEach(
              error -> needless.add(operation + " " + error + " has cases and a reason why not"));
      if (rows.cases().stream().noneMatch(each -> each.check() != null)) {
        missing.add(operation + " success");
      }
    });
    assertThat(missing).as("neither a case nor a reason why not").isEmpty();
    assertThat(needless).as("not declared by the SDK, or said twice").isEmpty();
    assertThat(Conformance.ALL)
        .as("operations with cases")
        .extracting(Rows::operation)
        .containsExactlyInAnyOrderElementsOf(ModelledErrors.all().keySet());
  }

  /** Fails when the README's table is not what the SDK's operations and the cases say. */
  @Test
  void isWhatTheReadmeSays() throws Exception {
    Set<String> unsupported = new TreeSet<>();
    for (String operation : ModelledErrors.all().keySet()) {
      if (post(operation).contains("not supported by kcl-local")) {
        unsupported.add(operation);
      }
    }
    String wanted = OperationTable.wanted(unsupported);
    if (Boolean.getBoolean(OperationTable.REWRITE)) {
      OperationTable.rewrite(wanted);
    }
    assertThat(OperationTable.present())
        .as("The table of operations in kcl-local/README.md; run this test with -D"
            + OperationTable.REWRITE
            + "=true to have it rewritten")
        .isEqualTo(wanted);
  }

  private static String post(String operation) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(cloud.kinesisEndpoint())
        .header("Content-Type", "application/x-amz-json-1.1")
        .header("X-Amz-Target", "Kinesis_20131202." + operation)
        .POST(BodyPublishers.ofString("{\"Limit\":\"x\"}"))
        .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }

  private static Stream<DynamicTest> cases(Speech speech) {
    SdkCalls calls = new SdkCalls(cloud, speech);
    return Conformance.ALL.stream()
        .filter(rows -> calls.canSend(rows.operation()))
        .flatMap(rows -> rows.cases().stream())
        .map(each -> DynamicTest.dynamicTest(each.toString(), () -> run(each, calls)))
        .onClose(calls::close);
  }

  private static void run(Case each, SdkCalls calls) throws Throwable {
    Stage stage = new Stage(cloud, CLOCK);
    try {
      KinesisRequest request = each.request().apply(stage);
      assertThat(ModelledErrors.operation(request.getClass())).isEqualTo(each.operation());
      Consumer<KinesisResponse> check = each.check();
      if (check != null) {
        check.accept(calls.send(request));
      } else {
        assertRefused(each, catchThrowable(() -> calls.send(request)));
      }
    } finally {
      stage.clear();
    }
  }

  private static void assertRefused(Case each, Throwable failure) {
    assertThat(failure).isExactlyInstanceOf(each.error());
    assertThat(failure).isInstanceOfSatisfying(KinesisException.class, refusal -> {
      assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo(wireName(refusal.getClass()));
      assertThat(refusal.awsErrorDetails().errorMessage()).contains(each.message());
      assertThat(refusal.statusCode())
          .isEqualTo(refusal instanceof InternalFailureException ? 500 : 400);
      assertThat(refusal.requestId()).isNotEmpty();
    });
  }

  /** The SDK renames what the service calls KMS…, and one that does not end in Exception. */
  private static String wireName(Class<?> error) {
    String name = error.getSimpleName().replaceFirst("^Kms", "KMS");
    return name.equals("KMSOptInRequiredException") ? "KMSOptInRequired" : name;
  }
}
