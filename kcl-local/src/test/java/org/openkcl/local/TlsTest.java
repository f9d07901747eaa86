package org.openkcl.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StartingPosition;

/** Kinesis over TLS, with HTTP/2 by ALPN, beside cleartext on the same port. */
@Timeout(120)
final class TlsTest {
  private static final StartingPosition TRIM_HORIZON =
      StartingPosition.builder().type(ShardIteratorType.TRIM_HORIZON).build();
  private static final String SHARD = "shardId-000000000000";
  private static LocalCloud cloud;

  @BeforeAll
  static void start() {
    cloud = LocalCloud.builder().tls().start();
  }

  @AfterAll
  static void stop() {
    cloud.close();
  }

  @Test
  void isWhatTheCloudsOwnClientUses() throws Exception {
    assertThat(cloud.kinesisTlsEndpoint())
        .hasScheme("https")
        .hasHost("127.0.0.1")
        .hasPort(cloud.kinesisEndpoint().getPort());
    putAndSubscribe(cloud.kinesis(), "own");
  }

  @Test
  void isTrustedByClientsThatAreTold() throws Exception {
    try (KinesisAsyncClient client = KinesisAsyncClient.builder()
        .applyMutation(cloud.clients()::accept)
        .endpointOverride(cloud.kinesisTlsEndpoint())
        .httpClientBuilder(
            NettyNioAsyncHttpClient.builder().tlsTrustManagersProvider(cloud::trustManagers))
        .build()) {
      putAndSubscribe(client, "told");
    }
  }

  @Test
  void leavesCleartextAsItIs() throws Exception {
    try (KinesisAsyncClient client =
        KinesisAsyncClient.builder().applyMutation(cloud.clients()::accept).build()) {
      putAndSubscribe(client, "cleartext");
    }
  }

  private static void putAndSubscribe(KinesisAsyncClient kinesis, String stream) throws Exception {
    cloud.changeStreams(streams -> streams.createStream(stream, 1));
    String consumer = kinesis
        .registerStreamConsumer(
            b -> b.streamARN("arn:aws:kinesis:us-east-1:000000000000:stream/" + stream)
                .consumerName("billing"))
        .join()
        .consumer()
        .consumerARN();
    SubscriptionProbe probe = SubscriptionProbe.eager(kinesis, consumer, SHARD, TRIM_HORIZON);
    for (int i = 0; i < 20; i++) {
      String key = "key-" + i;
      SdkBytes data = SdkBytes.fromByteArray(new byte[100_000]);
      kinesis.putRecord(b -> b.streamName(stream).partitionKey(key).data(data)).join();
      assertThat(probe.keys(1)).containsExactly(key);
    }
    probe.cancel();
  }

  @Test
  void isNotTrustedByOthers() {
    HttpClient stranger = HttpClient.newHttpClient();
    assertThatThrownBy(() -> stranger.send(
            HttpRequest.newBuilder(cloud.kinesisTlsEndpoint()).build(), BodyHandlers.ofString()))
        .isInstanceOf(SSLHandshakeException.class);
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void speaksBothVersionsOfHttpByNameAndByAddress(HttpClient.Version version) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, cloud.trustManagers(), null);
    HttpClient http =
        HttpClient.newBuilder().version(version).sslContext(context).build();
    for (String host : new String[] {"localhost", "127.0.0.1"}) {
      URI endpoint =
          URI.create("https://" + host + ":" + cloud.kinesisEndpoint().getPort());
      HttpResponse<String> reply = http.send(
          HttpRequest.newBuilder(endpoint)
              .header("X-Amz-Target", "Kinesis_20131202.DescribeLimits")
              .POST(BodyPublishers.ofString("{}"))
              .build(),
          BodyHandlers.ofString());
      assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
      assertThat(reply.version()).isEqualTo(version);
    }
  }

  @Test
  void hasACertificateOfThisMachineOnly() throws Exception {
    X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
        .generateCertificate(
            new ByteArrayInputStream(cloud.certificatePem().getBytes(StandardCharsets.US_ASCII)));
    certificate.checkValidity();
    certificate.verify(certificate.getPublicKey());
    assertThat(certificate.getSubjectAlternativeNames().stream()
            .map(name -> String.valueOf(name.get(1))))
        .containsExactly("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
    try (LocalCloud other = LocalCloud.builder().tls().start()) {
      assertThat(other.certificatePem()).isNotEqualTo(cloud.certificatePem());
    }
  }

  @Test
  void isThereOnlyWhenAskedFor() {
    try (LocalCloud plain = LocalCloud.start()) {
      assertThatIllegalStateException()
          .isThrownBy(plain::kinesisTlsEndpoint)
          .withMessageContaining("builder().tls()");
    }
  }
}
