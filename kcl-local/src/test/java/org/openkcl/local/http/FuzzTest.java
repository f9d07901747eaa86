package org.openkcl.local.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openkcl.local.LocalCloud;
import org.openkcl.local.model.IteratorPosition;
import org.openkcl.local.model.LocalStreams;

/** Whatever is sent, the answer is the service's, and the server is none the worse for it. */
class FuzzTest {
  private static final long SEED = Long.getLong("openkcl.seed", 20131202);
  private static final int REQUESTS = Integer.getInteger("openkcl.fuzz", 4_000);
  private static final int UNDER_WAY = 16;
  private static final int SERVER_THREADS_MAX = 64;

  private static final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static LocalCloud cloud;

  @BeforeAll
  static void start() {
    cloud = LocalCloud.builder().storedBytesMax(50_000_000).start();
    cloud.changeStreams(FuzzTest::recreate);
  }

  @AfterAll
  static void stop() {
    cloud.close();
  }

  @Test
  void madeUpRequestsAreAnsweredAsTheServiceWould() throws IOException {
    List<String> operations = KinesisApi.operations().stream().sorted().toList();
    RequestFuzzer fuzzer = new RequestFuzzer(SEED, operations);
    Map<String, Integer> answers = new TreeMap<>();
    for (int n = 0; n < REQUESTS; n += UNDER_WAY) {
      cloud.changeStreams(FuzzTest::recreate);
      List<RequestFuzzer.Request> requests = new ArrayList<>();
      List<CompletableFuture<HttpResponse<byte[]>>> replies = new ArrayList<>();
      for (int i = n; i < n + UNDER_WAY; i++) {
        requests.add(fuzzer.next(i));
        replies.add(http.sendAsync(request(requests.get(i - n)), BodyHandlers.ofByteArray()));
      }
      for (int i = 0; i < UNDER_WAY; i++) {
        HttpResponse<byte[]> reply = replies.get(i).join();
        answers.merge(checked(n + i, requests.get(i), reply), 1, Integer::sum);
      }
    }
    assertThat(answers.keySet())
        .as("kinds of answers, seed %d", SEED)
        .contains("200", "SerializationException", "ValidationException")
        .contains("UnknownOperationException", "InvalidArgumentException");
    assertThat(answers.get("200")).isGreaterThan(REQUESTS / 50);
    assertUnharmed();
  }

  /** Some of the requests are right and change the stream, delete it or deny access to it. */
  private static void recreate(LocalStreams streams) {
    if (streams.listStreams().stream().anyMatch(stream -> stream.name().equals("fuzz"))) {
      streams.deleteStreamAndConsumers("fuzz");
    }
    streams.createStream("fuzz", 2);
  }

  private static HttpRequest request(RequestFuzzer.Request made) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(cloud.kinesisEndpoint())
        .timeout(Duration.ofSeconds(60))
        .header("X-Amz-Target", made.target())
        .POST(BodyPublishers.ofByteArray(made.body()));
    return made.contentType().isEmpty()
        ? builder.build()
        : builder.header("Content-Type", made.contentType()).build();
  }

  private static String checked(int n, RequestFuzzer.Request made, HttpResponse<byte[]> reply) {
    String type = reply.headers().firstValue("x-amzn-ErrorType").orElse("");
    String what = String.format(
        "request %d of seed %d: %s %s %s -> %s",
        n,
        SEED,
        made.target(),
        made.contentType(),
        HexFormat.of().formatHex(made.body(), 0, Math.min(200, made.body().length)),
        new String(reply.body(), StandardCharsets.UTF_8));
    if (reply.statusCode() == 200) {
      assertThat(type).as(what).isEmpty();
      return "200";
    }
    assertThat(reply.statusCode()).as(what).isBetween(400, 499);
    assertThat(type).as(what).matches("[A-Za-z]+Exception|KMSOptInRequired");
    return type;
  }

  @Test
  void connectionsThatBreakOffOrTalkNonsenseHarmNobody() throws IOException {
    String head = "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: Kinesis_20131202.ListStreams\r\n";
    for (String sent : List.of(
        "",
        "\u0000\u0001\u0002",
        "GET",
        "POST / HTTP/9.9\r\n\r\n",
        "POST / HTTP/1.1\r\n\r\n",
        head + "Content-Length: 10\r\n\r\n{",
        head + "Content-Length: -1\r\n\r\n{}",
        head + "Content-Length: x\r\n\r\n{}",
        head + "Content-Length: 99999999999999\r\n\r\n{}",
        head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}",
        head + "Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n{}",
        head + "X: " + "y".repeat(100_000) + "\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + "\u007f".repeat(64),
        "PRI * HTTP/2.0\r\n\r\nnonsense")) {
      for (int i = 0; i < 5; i++) {
        try (Socket socket =
            new Socket(InetAddress.getLoopbackAddress(), cloud.kinesisEndpoint().getPort())) {
          socket.setSoTimeout(200);
          send(socket, sent);
          assertThat(firstLine(socket)).as(sent).isNotEqualTo("HTTP/1.1 500");
        }
      }
    }
    assertUnharmed();
  }

  private static void send(Socket socket, String text) {
    try {
      OutputStream out = socket.getOutputStream();
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    } catch (IOException hungUp) {
      // The server need not hear it out.
    }
  }

  private static String firstLine(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] line = new byte[12];
    try {
      int count = in.readNBytes(line, 0, line.length);
      return new String(line, 0, count, StandardCharsets.ISO_8859_1);
    } catch (SocketTimeoutException waitsForMore) {
      return "";
    } catch (IOException reset) {
      return "";
    }
  }

  @Test
  void otherMethodsAndPathsAreNoKinesisRequests() throws IOException {
    for (String method : List.of("GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD")) {
      for (String path : List.of("/", "/x/y", "/%00", "/_admin", "/_admin/", "/_admin/none")) {
        try (Socket socket =
            new Socket(InetAddress.getLoopbackAddress(), cloud.kinesisEndpoint().getPort())) {
          send(socket, method + " " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");
          assertThat(firstLine(socket)).as(method + " " + path).startsWith("HTTP/1.1 4");
        }
      }
    }
    assertUnharmed();
  }

  @Test
  void halfACharacterGoesInAndOut() throws Exception {
    for (String body : List.of(
        "{\"StreamName\":\"fuzz\",\"ShardId\":\"\\ud800\",\"ShardIteratorType\":\"LATEST\"}",
        "{\"StreamName\":\"fuzz\",\"ShardId\":\"x\",\"ShardIteratorType\":\"\\udc00x\\ud800\"}",
        "{\"StreamName\":\"\\ud800\",\"ShardId\":\"x\",\"ShardIteratorType\":\"LATEST\"}")) {
      assertThat(post("GetShardIterator", body).statusCode()).as(body).isEqualTo(400);
    }
    HttpResponse<String> put = post(
        "PutRecord",
        "{\"StreamName\":\"fuzz\",\"PartitionKey\":\"a\\ud800\",\"Data\":\"\",\"ExplicitHashKey\":"
            + "\"0\"}");
    assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
    String iterator = cloud.streams(streams ->
        streams.shardIterator("fuzz", "shardId-000000000000", IteratorPosition.trimHorizon()));
    HttpResponse<String> read = post("GetRecords", "{\"ShardIterator\":\"" + iterator + "\"}");
    assertThat(read.statusCode()).as(read.body()).isEqualTo(200);
    assertThat(read.body()).contains("\"PartitionKey\":\"a");
    assertThat(cloud.kinesis().getRecords(b -> b.shardIterator(iterator)).join().records())
        .hasSize(1);
  }

  private static HttpResponse<String> post(String operation, String body)
      throws IOException, InterruptedException {
    RequestFuzzer.Request made = new RequestFuzzer.Request(
        "Kinesis_20131202." + operation,
        "application/x-amz-json-1.1",
        body.getBytes(StandardCharsets.UTF_8));
    return http.send(request(made), BodyHandlers.ofString());
  }

  private static void assertUnharmed() {
    cloud.changeStreams(FuzzTest::recreate);
    assertThat(cloud.kinesis().listStreams().join().streamNames()).contains("fuzz");
    assertThat(Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("kinesis-local"))
            .count())
        .isLessThanOrEqualTo(SERVER_THREADS_MAX);
  }
}
