package org.openkcl.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openkcl.local.faults.Fault;
import org.openkcl.local.faults.FaultKind;
import org.openkcl.local.model.IteratorPosition;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.AccessDeniedException;
import software.amazon.awssdk.services.kinesis.model.ExpiredIteratorException;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.LimitExceededException;
import software.amazon.awssdk.services.kinesis.model.ProvisionedThroughputExceededException;

/** Faults as clients see them. */
class FaultsTest {
  private static LocalCloud cloud;
  private static KinesisAsyncClient withoutRetries;
  private static final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeAll
  static void start() {
    cloud = LocalCloud.start();
    withoutRetries = KinesisAsyncClient.builder()
        .applyMutation(cloud.clients()::accept)
        .httpClientBuilder(NettyNioAsyncHttpClient.builder().maxConcurrency(300))
        .overrideConfiguration(c -> c.retryStrategy(DefaultRetryStrategy.doNotRetry()))
        .build();
  }

  @AfterAll
  static void stop() {
    withoutRetries.close();
    cloud.close();
  }

  @BeforeEach
  void createStream() {
    cloud.changeStreams(streams -> streams.createStream("orders", 1));
  }

  @AfterEach
  void clean() {
    cloud.faults().clear();
    cloud.changeStreams(streams -> streams.deleteStream("orders"));
  }

  @Test
  void throttlesAsTheOperationHasIt() {
    long id = cloud.faults().add(Fault.throttle().next(2));
    assertThatThrownBy(() -> put(withoutRetries, "a").join())
        .hasCauseInstanceOf(ProvisionedThroughputExceededException.class);
    assertThatThrownBy(
            () -> withoutRetries.listShards(b -> b.streamName("orders")).join())
        .hasCauseInstanceOf(LimitExceededException.class);
    put(withoutRetries, "b").join();
    assertThat(stored()).containsExactly("b");
    assertThat(cloud.faults().strikes(id)).isEqualTo(2);
  }

  @Test
  void failsInsideAndIsUnavailable() {
    cloud.faults().add(Fault.of(FaultKind.INTERNAL_FAILURE).next(1));
    cloud.faults().add(Fault.of(FaultKind.SERVICE_UNAVAILABLE).next(1));
    for (int status : new int[] {500, 503}) {
      assertThatThrownBy(() -> put(withoutRetries, "a").join())
          .cause()
          .isInstanceOfSatisfying(
              KinesisException.class, error -> assertThat(error.statusCode()).isEqualTo(status));
    }
    assertThat(stored()).isEmpty();
  }

  @Test
  void deniesAccessToOneStream() {
    cloud.faults().add(Fault.of(FaultKind.ACCESS_DENIED).ofStream("orders"));
    assertThatThrownBy(() -> put(withoutRetries, "a").join())
        .hasCauseInstanceOf(AccessDeniedException.class);
    assertThat(withoutRetries.listStreams().join().streamNames()).contains("orders");
  }

  @Test
  void expiresTheIteratorOfOneShard() {
    cloud
        .faults()
        .add(
            Fault.of(FaultKind.EXPIRED_ITERATOR).ofShard("shardId-000000000000").next(1));
    String iterator = cloud.streams(streams ->
        streams.shardIterator("orders", "shardId-000000000000", IteratorPosition.trimHorizon()));
    assertThatThrownBy(
            () -> withoutRetries.getRecords(b -> b.shardIterator(iterator)).join())
        .hasCauseInstanceOf(ExpiredIteratorException.class);
    assertThat(withoutRetries.getRecords(b -> b.shardIterator(iterator)).join().records())
        .isEmpty();
  }

  @Test
  void aLostReplyHasTakenEffect() {
    cloud.faults().add(Fault.lostReply().on("PutRecord").next(1));
    assertThatThrownBy(() -> put(withoutRetries, "a").join())
        .hasCauseInstanceOf(SdkClientException.class);
    assertThat(stored()).containsExactly("a");
    put(withoutRetries, "b").join();
    assertThat(stored()).containsExactly("a", "b");
  }

  @Test
  void aResetHasNoEffect() {
    cloud.faults().add(Fault.connectionReset().on("PutRecord").next(1));
    assertThatThrownBy(() -> put(withoutRetries, "a").join())
        .hasCauseInstanceOf(SdkClientException.class);
    assertThat(stored()).isEmpty();
    put(withoutRetries, "b").join();
  }

  @Test
  void aRetryingClientPutsTwiceAfterALostReply() {
    cloud.faults().add(Fault.lostReply().on("PutRecord").next(1));
    put(cloud.kinesis(), "a").join();
    assertThat(stored()).containsExactly("a", "a");
  }

  @ParameterizedTest
  @EnumSource(names = {"LOST_REPLY", "CONNECTION_RESET"})
  void breaksOffOverHttp1AsWell(FaultKind kind) throws Exception {
    cloud.faults().add(Fault.of(kind).on("PutRecord").next(1));
    // The client of the JDK repeats no POST on its own.
    assertThatThrownBy(FaultsTest::putOverHttp1).isInstanceOf(IOException.class);
    assertThat(stored()).hasSize(kind == FaultKind.LOST_REPLY ? 1 : 0);
    assertThat(putOverHttp1().statusCode()).isEqualTo(200);
  }

  @Test
  void aLateReplyHoldsUpNobodyElse() {
    cloud.faults().add(Fault.latency(Duration.ofSeconds(3)).on("PutRecord").next(200));
    long begin = System.nanoTime();
    List<CompletableFuture<?>> late = new ArrayList<>();
    for (int i = 0; i < 200; i++) { // more than the server has threads
      late.add(put(withoutRetries, "late"));
    }
    withoutRetries.describeStreamSummary(b -> b.streamName("orders")).join();
    assertThat(late).noneMatch(CompletableFuture::isDone);
    late.forEach(CompletableFuture::join);
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(60));
    assertThat(stored()).hasSize(200);
  }

  @Test
  void isSetListedAndRemovedOverHttp() throws Exception {
    String added = admin("POST", "", """
        {"kind":"LATENCY","operation":"GetRecords","stream":"orders","probability":0.25,"seed":7,
         "next":3,"delayMillis":20,"delayMillisP99":90}""").body();
    assertThat(added).matches("\\{\"id\":\\d+}");
    String id = added.replaceAll("\\D", "");
    assertThat(admin("GET", "", "").body())
        .isEqualTo("{\"faults\":[{\"id\":" + id + ",\"kind\":\"LATENCY\","
            + "\"operation\":\"GetRecords\",\"stream\":\"orders\",\"probability\":0.25,\"seed\":7,"
            + "\"next\":3,\"delayMillis\":20,\"delayMillisP99\":90,\"strikes\":0,"
            + "\"spent\":false}]}");
    assertThat(admin("DELETE", "/" + id, "").body()).isEqualTo("{\"removed\":1}");
    assertThat(admin("DELETE", "/" + id, "").statusCode()).isEqualTo(404);
    admin("POST", "", "{\"kind\":\"THROTTLE\"}");
    assertThatThrownBy(() -> put(withoutRetries, "a").join())
        .hasCauseInstanceOf(ProvisionedThroughputExceededException.class);
    assertThat(admin("DELETE", "", "").body()).isEqualTo("{\"removed\":1}");
    put(withoutRetries, "a").join();
  }

  @Test
  void refusesOverHttpWhatItDoesNotUnderstand() throws Exception {
    assertThat(admin("POST", "", "{\"kind\":\"PLAGUE\"}").body()).contains("THROTTLE");
    assertThat(admin("POST", "", "{\"kind\":\"THROTTLE\",\"probabilty\":1}").body())
        .contains("Unknown member 'probabilty'");
    for (String body : List.of(
        "{",
        "[]",
        "{}",
        "{\"kind\":\"THROTTLE\",\"probability\":2}",
        "{\"kind\":\"THROTTLE\",\"next\":\"x\"}",
        "{\"kind\":\"LATENCY\"}",
        "{\"kind\":\"LATENCY\",\"delayMillis\":-1}",
        "{\"kind\":\"LATENCY\",\"delayMillis\":9223372036854775807}")) {
      assertThat(admin("POST", "", body).statusCode()).as(body).isEqualTo(400);
    }
    assertThat(admin("PATCH", "", "{}").statusCode()).isEqualTo(405);
    HttpRequest page = HttpRequest.newBuilder(adminUri(""))
        .header("Content-Type", "text/plain")
        .POST(BodyPublishers.ofString("{\"kind\":\"THROTTLE\"}"))
        .build();
    assertThat(http.send(page, BodyHandlers.ofString()).statusCode()).isEqualTo(415);
    assertThat(cloud.faults().list()).isEmpty();
  }

  private static CompletableFuture<?> put(KinesisAsyncClient client, String key) {
    return client.putRecord(
        b -> b.streamName("orders").partitionKey(key).data(SdkBytes.fromUtf8String(key)));
  }

  private static HttpResponse<String> putOverHttp1() throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(cloud.kinesisEndpoint())
        .header("Content-Type", "application/x-amz-json-1.1")
        .header("X-Amz-Target", "Kinesis_20131202.PutRecord")
        .POST(BodyPublishers.ofString(
            "{\"StreamName\":\"orders\",\"PartitionKey\":\"k\",\"Data\":\"aGVsbG8=\"}"))
        .build();
    return http.send(request, BodyHandlers.ofString());
  }

  private static List<String> stored() {
    return cloud.streams(streams -> streams
        .read(
            streams.shardIterator("orders", "shardId-000000000000", IteratorPosition.trimHorizon()),
            1_000)
        .records()
        .stream()
        .map(record -> record.partitionKey())
        .toList());
  }

  private static URI adminUri(String rest) {
    return cloud.kinesisEndpoint().resolve("/_admin/faults" + rest);
  }

  private static HttpResponse<String> admin(String method, String rest, String body)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(adminUri(rest))
        .header("Content-Type", "application/json")
        .method(method, BodyPublishers.ofString(body))
        .build();
    return http.send(request, BodyHandlers.ofString());
  }
}
