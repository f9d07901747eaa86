package org.openkcl.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkGlobalTime;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.KinesisException;

/** Requests signed by the SDK's own signer, and requests that are not. */
final class SignaturesTest {
  private static final String ID = "AKIALOCAL";
  private static final String SECRET = "secret/+secret";
  private static final AwsBasicCredentials GOOD = AwsBasicCredentials.create(ID, SECRET);
  private static final String BODY = "{\"StreamName\":\"orders\"}";
  private static final SdkEventLoopGroup THREADS =
      SdkEventLoopGroup.builder().numberOfThreads(1).build();
  private static LocalCloud cloud;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeAll
  static void start() {
    cloud = LocalCloud.builder().credentials(ID, SECRET).start();
    cloud.changeStreams(streams -> streams.createStream("orders", 1));
  }

  @AfterAll
  static void stop() {
    cloud.close();
    Future<?> unused = THREADS.eventLoopGroup().shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1_1", "HTTP2"})
  void acceptsWhatTheSdkSigns(Protocol protocol) {
    try (KinesisAsyncClient client = client(protocol, GOOD)) {
      client
          .putRecord(b ->
              b.streamName("orders").partitionKey("ключ").data(SdkBytes.fromByteArray(new byte[9])))
          .join();
      assertThat(client.listStreams().join().streamNames()).containsExactly("orders");
    }
  }

  @Test
  void acceptsSessionCredentials() {
    AwsCredentials session = AwsSessionCredentials.create(ID, SECRET, "token==");
    try (KinesisAsyncClient client = client(Protocol.HTTP1_1, session)) {
      assertThat(client.listStreams().join().streamNames()).containsExactly("orders");
    }
  }

  @Test
  void givesTheCredentialsToTheCloudsClients() {
    assertThat(cloud.kinesis().listStreams().join().streamNames()).containsExactly("orders");
    assertThat(cloud.dynamoDb().listTables().join().tableNames()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "AKIAOTHER, secret/+secret, UnrecognizedClientException, The security token included in the",
    "AKIALOCAL, other,          InvalidSignatureException,   The request signature we calculated"
  })
  void refusesOtherCredentials(String id, String secret, String error, String message) {
    for (Protocol protocol : new Protocol[] {Protocol.HTTP1_1, Protocol.HTTP2}) {
      try (KinesisAsyncClient client = client(protocol, AwsBasicCredentials.create(id, secret))) {
        assertThatThrownBy(() -> client.listStreams().join())
            .cause()
            .isInstanceOfSatisfying(KinesisException.class, refusal -> {
              assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo(error);
              assertThat(refusal.awsErrorDetails().errorMessage()).startsWith(message);
              assertThat(refusal.statusCode()).isEqualTo(400);
            });
      }
    }
  }

  @Test
  void letsTheSdkCorrectItsClock() {
    ManualClock clock = new ManualClock(Instant.parse("2030-01-01T00:00:00Z"));
    try (LocalCloud future =
        LocalCloud.builder().clock(clock).credentials(ID, SECRET).start()) {
      assertThat(future.kinesis().listStreams().join().streamNames()).isEmpty();
    } finally {
      SdkGlobalTime.setGlobalTimeOffset(0); // it keeps the correction for all clients
    }
  }

  @Test
  void refusesARequestWithoutASignature() throws Exception {
    assertRefused(
        post(Map.of()), "MissingAuthenticationTokenException", "Missing Authentication Token");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AWS4-HMAC-SHA256 Signature=x, SignedHeaders=host | requires 'Credential' parameter.",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/e            | requires 'Signature' parameter.",
        "AWS4-HMAC-SHA256 x                               | requires 'SignedHeaders' parameter.",
        "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=x | exactly 5 slash",
        "AWS a:b                                          | Unsupported AWS 'algorithm': 'AWS'"
      },
      quoteCharacter = '"')
  void refusesAnAuthorizationThatSaysTooLittle(String header, String message) throws Exception {
    Map<String, String> headers = Map.of("Authorization", header, "X-Amz-Date", "20300101T000000Z");
    assertRefused(post(headers), "IncompleteSignatureException", message);
  }

  @Test
  void refusesARequestWithoutADate() throws Exception {
    Map<String, String> signed = signed(Duration.ZERO, "kinesis", Region.US_EAST_1);
    signed.remove("X-Amz-Date");
    assertRefused(post(signed), "IncompleteSignatureException", "'X-Amz-Date' or a 'Date' header");
  }

  @Test
  void refusesASignatureOfAnotherTime() throws Exception {
    assertRefused(
        post(signed(Duration.ofMinutes(-6), "kinesis", Region.US_EAST_1)),
        "InvalidSignatureException",
        "Signature expired: ");
    assertRefused(
        post(signed(Duration.ofMinutes(6), "kinesis", Region.US_EAST_1)),
        "InvalidSignatureException",
        "Signature not yet current: ");
    assertThat(post(signed(Duration.ofMinutes(-4), "kinesis", Region.US_EAST_1)).statusCode())
        .isEqualTo(200);
  }

  @Test
  void refusesASignatureForAnotherServiceOrRegion() throws Exception {
    assertRefused(
        post(signed(Duration.ZERO, "dynamodb", Region.US_EAST_1)),
        "InvalidSignatureException",
        "Credential should be scoped to correct service: 'kinesis'.");
    assertRefused(
        post(signed(Duration.ZERO, "kinesis", Region.EU_WEST_1)),
        "InvalidSignatureException",
        "Credential should be scoped to a valid region, not 'eu-west-1'.");
  }

  @ParameterizedTest
  @CsvSource({"X-Amz-Target, Kinesis_20131202.DeleteStream", "X-Amz-Date, 20991231T000000Z"})
  void refusesARequestThatWasChangedAfterwards(String header, String value) throws Exception {
    Map<String, String> signed = signed(Duration.ZERO, "kinesis", Region.US_EAST_1);
    signed.put(header, value);
    assertRefused(post(signed), "InvalidSignatureException", "");
  }

  @Test
  void refusesAnotherBody() throws Exception {
    Map<String, String> signed = signed(Duration.ZERO, "kinesis", Region.US_EAST_1);
    assertRefused(post(signed, BODY + " "), "InvalidSignatureException", "does not match");
    assertThat(post(signed).statusCode()).isEqualTo(200);
  }

  @Test
  void needACredentialThatCanBeWrittenInAHeader() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LocalCloud.builder().credentials("a/b", "secret"))
        .withMessageContaining("'a/b'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LocalCloud.builder().credentials("a", ""));
  }

  private static KinesisAsyncClient client(Protocol protocol, AwsCredentials credentials) {
    return KinesisAsyncClient.builder()
        .applyMutation(cloud.clients()::accept)
        .credentialsProvider(StaticCredentialsProvider.create(credentials))
        .httpClientBuilder(
            NettyNioAsyncHttpClient.builder().eventLoopGroup(THREADS).protocol(protocol))
        .overrideConfiguration(settings -> settings.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  /** The headers of a request that the SDK's signer signed so much later than now. */
  private static Map<String, String> signed(Duration later, String service, Region region) {
    SdkHttpRequest unsigned = SdkHttpRequest.builder()
        .method(SdkHttpMethod.POST)
        .uri(cloud.kinesisEndpoint())
        .putHeader("Content-Type", "application/x-amz-json-1.1")
        .putHeader("X-Amz-Target", "Kinesis_20131202.DescribeStreamSummary")
        .build();
    Clock clock = Clock.offset(Clock.systemUTC(), later);
    SdkHttpRequest request = AwsV4HttpSigner.create()
        .sign(signing -> signing
            .identity(GOOD)
            .request(unsigned)
            .payload(ContentStreamProvider.fromUtf8String(BODY))
            .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
            .putProperty(AwsV4HttpSigner.REGION_NAME, region.id())
            .putProperty(HttpSigner.SIGNING_CLOCK, clock))
        .request();
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    request.forEachHeader((name, values) -> headers.put(name, values.get(0)));
    headers.remove("Host");
    return headers;
  }

  private HttpResponse<String> post(Map<String, String> headers) throws Exception {
    return post(headers, BODY);
  }

  private HttpResponse<String> post(Map<String, String> headers, String body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(cloud.kinesisEndpoint()).POST(BodyPublishers.ofString(body));
    headers.forEach(request::header);
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static void assertRefused(HttpResponse<String> reply, String error, String message) {
    assertThat(reply.body()).startsWith("{\"__type\":\"" + error + "\"").contains(message);
    assertThat(reply.headers().firstValue("x-amzn-ErrorType")).hasValue(error);
    assertThat(reply.statusCode()).isEqualTo(400);
  }
}
