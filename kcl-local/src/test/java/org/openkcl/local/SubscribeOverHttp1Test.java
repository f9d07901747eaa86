package org.openkcl.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.openkcl.local.faults.Fault;
import org.openkcl.local.faults.FaultKind;
import software.amazon.eventstream.Message;

/** SubscribeToShard for clients that know HTTP/1.1 only: a body in chunks that goes on. */
@Timeout(120)
final class SubscribeOverHttp1Test {
  private static final ManualClock CLOCK = new ManualClock(Instant.parse("2030-01-01T00:00:00Z"));
  private static final String SHARD = "shardId-000000000000";
  private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);
  private static LocalCloud cloud;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private String stream = "";
  private String consumerArn = "";

  @BeforeAll
  static void start() {
    cloud = LocalCloud.builder().clock(CLOCK).start();
  }

  @AfterAll
  static void stop() {
    cloud.close();
  }

  @BeforeEach
  void createStream(TestInfo test) {
    stream = test.getTestMethod().orElseThrow().getName();
    cloud.changeStreams(streams -> streams.createStream(stream, 1));
    consumerArn =
        cloud.streams(streams -> streams.consumers().register(stream, "reader").arn());
  }

  @Test
  void pushesRecordsAndEndsWithTheShard() throws Exception {
    put("first");
    HttpResponse<InputStream> response = subscribe();
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    assertThat(response.headers().firstValue("Transfer-Encoding")).hasValue("chunked");
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValue("application/vnd.amazon.eventstream");

    try (Events events = new Events(response)) {
      assertThat(events.next("initial-response")).isEqualTo("{}");
      assertThat(events.next("SubscribeToShardEvent")).contains("\"PartitionKey\":\"first\"");
      put("second");
      assertThat(events.next("SubscribeToShardEvent")).contains("\"PartitionKey\":\"second\"");
      cloud.changeStreams(streams -> streams.split(stream, SHARD, BigInteger.TEN));
      assertThat(events.next("SubscribeToShardEvent"))
          .contains("\"ChildShards\":[{\"ShardId\":\"shardId-000000000001\"")
          .doesNotContain("ContinuationSequenceNumber");
      assertThat(events.message()).as("after the end of the shard").isEmpty();
    }
  }

  @Test
  void endsForOneThatIsTakenOver() throws Exception {
    try (Events older = new Events(subscribe())) {
      older.next("initial-response");
      older.next("SubscribeToShardEvent");
      HttpResponse<InputStream> tooEarly = subscribe();
      assertThat(tooEarly.statusCode()).isEqualTo(400);
      assertThat(new String(tooEarly.body().readAllBytes(), StandardCharsets.UTF_8))
          .contains("ResourceInUseException");
      CLOCK.advance(FIVE_SECONDS);
      try (Events newer = new Events(subscribe())) {
        newer.next("initial-response");
        Message last = older.message().orElseThrow();
        while (type(last).equals("SubscribeToShardEvent")) {
          last = older.message().orElseThrow();
        }
        assertThat(type(last)).isEqualTo("ResourceInUseException");
        assertThat(older.message()).isEmpty();
      }
    }
  }

  @Test
  void isOverSoonAfterTheClientIsGone() throws Exception {
    Events events = new Events(subscribe());
    events.next("initial-response");
    events.next("SubscribeToShardEvent");
    events.close();
    while (subscriptions() > 0) { // the end of its connection is seen when there is an event
      put("nobody is there");
      TimeUnit.MILLISECONDS.sleep(20);
    }
    CLOCK.advance(FIVE_SECONDS);
    try (Events again = new Events(subscribe())) {
      again.next("initial-response");
      assertThat(again.next("SubscribeToShardEvent")).contains("nobody is there");
    }
  }

  @Test
  void breaksOffInTheMiddleWhenItIsDroppedOnCommand() throws Exception {
    try (Events events = new Events(subscribe())) {
      events.next("initial-response");
      events.next("SubscribeToShardEvent");
      cloud
          .faults()
          .add(Fault.of(FaultKind.DROPPED_SUBSCRIPTION).ofStream(stream).next(1));
      put("lost on the way");
      assertThatThrownBy(events::message).isInstanceOf(IOException.class);
    }
    assertThat(subscriptions()).isZero();
  }

  private void put(String partitionKey) {
    cloud.changeStreams(streams -> streams.put(stream, partitionKey, null, new byte[] {1}));
  }

  private int subscriptions() {
    return cloud.streams(streams -> streams.consumers().subscriptions(stream).size());
  }

  private HttpResponse<InputStream> subscribe() throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(cloud.kinesisEndpoint())
        .header("Content-Type", "application/x-amz-json-1.1")
        .header("X-Amz-Target", "Kinesis_20131202.SubscribeToShard")
        .POST(BodyPublishers.ofString("{\"ConsumerARN\":\""
            + consumerArn
            + "\",\"ShardId\":\""
            + SHARD
            + "\",\"StartingPosition\":{\"Type\":\"TRIM_HORIZON\"}}"))
        .build();
    return http.send(request, BodyHandlers.ofInputStream());
  }

  private static String type(Message message) {
    var header = message.getHeaders().get(":event-type");
    return (header == null
            ? Objects.requireNonNull(message.getHeaders().get(":exception-type"))
            : header)
        .getString();
  }

  /** The messages of one body, in order. */
  private record Events(DataInputStream body) implements AutoCloseable {
    Events(HttpResponse<InputStream> response) {
      this(new DataInputStream(response.body()));
    }

    /** The payload of the next message, which must be of this type. */
    String next(String type) throws IOException {
      Message message = message().orElseThrow();
      assertThat(type(message)).isEqualTo(type);
      return new String(message.getPayload(), StandardCharsets.UTF_8);
    }

    /** The next message; none at the end of the body. */
    Optional<Message> message() throws IOException {
      byte[] length = body.readNBytes(4);
      if (length.length == 0) {
        return Optional.empty();
      }
      int total = ByteBuffer.wrap(length).getInt();
      ByteBuffer whole = ByteBuffer.allocate(total).put(length);
      whole.put(body.readNBytes(total - 4)).flip();
      return Optional.of(Message.decode(whole));
    }

    @Override
    public void close() throws IOException {
      body.close();
    }
  }
}
