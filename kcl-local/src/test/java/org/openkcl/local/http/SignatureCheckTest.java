package org.openkcl.local.http;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openkcl.local.model.StreamException;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;

/** The parts of a signature that Kinesis requests do not use, against the SDK's signer. */
final class SignatureCheckTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final String BODY = "body";

  private final SignatureCheck check =
      new SignatureCheck("AKIA", "secret", InstantSource.fixed(NOW));

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:4567/",
    "http://127.0.0.1:4567/a/b.c~d",
    "http://127.0.0.1:4567/a%20b/%C3%A4",
    "http://127.0.0.1:4567/?b=2&a=1&b=1",
    "http://localhost/?flag&x=a%20b"
  })
  void agreesWithTheSdkAboutPathAndQuery(String uri) {
    SignedRequest request = signed(URI.create(uri));
    assertThatCode(() -> check.require(request)).doesNotThrowAnyException();
    SignedRequest elsewhere = new SignedRequest(
        request.method(),
        request.path() + "x",
        request.query(),
        request.authority(),
        request.headers(),
        request.body());
    assertThatThrownBy(() -> check.require(elsewhere))
        .isInstanceOf(StreamException.class)
        .hasMessageContaining("The Canonical String for this request should have been");
  }

  private static SignedRequest signed(URI uri) {
    SdkHttpRequest unsigned = SdkHttpRequest.builder()
        .method(SdkHttpMethod.POST)
        .uri(uri)
        .putHeader("X-Spaces", "  a   b ")
        .build();
    SdkHttpRequest request = AwsV4HttpSigner.create()
        .sign(signing -> signing
            .identity(AwsBasicCredentials.create("AKIA", "secret"))
            .request(unsigned)
            .payload(ContentStreamProvider.fromUtf8String(BODY))
            .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "kinesis")
            .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
            .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(NOW, ZoneOffset.UTC)))
        .request();
    List<SignedRequest.Header> headers = new ArrayList<>();
    request.forEachHeader((name, values) ->
        values.forEach(value -> headers.add(new SignedRequest.Header(name, value))));
    String query = uri.getRawQuery();
    return new SignedRequest(
        "POST",
        uri.getRawPath(),
        query == null ? "" : query,
        uri.getAuthority(),
        headers,
        BODY.getBytes(StandardCharsets.UTF_8));
  }
}
