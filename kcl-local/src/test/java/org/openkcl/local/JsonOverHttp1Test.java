package org.openkcl.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as the AWS command line and most other SDKs send them. */
final class JsonOverHttp1Test {
  private static final String JSON = "application/x-amz-json-1.1";
  private static final String CBOR = "application/x-amz-cbor-1.1";
  private static LocalCloud cloud;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeAll
  static void start() {
    cloud = LocalCloud.builder()
        .clock(new ManualClock(Instant.parse("2030-01-01T00:00:00.125Z")))
        .start();
    cloud.changeStreams(streams -> streams.createStream("orders", 1));
  }

  @AfterAll
  static void stop() {
    cloud.close();
  }

  @Test
  void carriesBlobsInBase64AndTimesInSeconds() throws Exception {
    HttpResponse<String> put = post(
        "PutRecord", "{\"StreamName\":\"orders\",\"PartitionKey\":\"k\",\"Data\":\"aGVsbG8=\"}");
    assertThat(put.statusCode()).isEqualTo(200);
    assertThat(put.body()).contains("\"ShardId\":\"shardId-000000000000\"");

    String arn = "arn:aws:kinesis:us-east-1:000000000000:stream/orders";
    HttpResponse<String> iterator = post(
        "GetShardIterator",
        "{\"StreamARN\":\""
            + arn
            + "\",\"ShardId\":\"shardId-000000000000\",\"ShardIteratorType\":\"AT_TIMESTAMP\","
            + "\"Timestamp\":1893456000.125}");
    Matcher token = Pattern.compile("\"ShardIterator\":\"([^\"]+)\"").matcher(iterator.body());
    assertThat(token.find()).as(iterator.body()).isTrue();

    HttpResponse<String> records =
        post("GetRecords", "{\"ShardIterator\":\"" + token.group(1) + "\",\"Limit\":5}");
    assertThat(records.body())
        .contains("\"Data\":\"aGVsbG8=\"")
        .contains("\"ApproximateArrivalTimestamp\":1893456000.125")
        .contains("\"MillisBehindLatest\":0")
        .contains("\"NextShardIterator\":");
  }

  @Test
  void describesAStream() throws Exception {
    assertThat(post("DescribeStreamSummary", "{\"StreamName\":\"orders\"}").body())
        .contains("\"StreamCreationTimestamp\":1893456000.125")
        .contains("\"OpenShardCount\":1");
  }

  @Test
  void carriesTheServersTimeAndARequestId() throws Exception {
    for (String operation : new String[] {"ListStreams", "NoSuchOperation"}) {
      HttpResponse<String> reply = post(operation, "{}");
      assertThat(reply.headers().firstValue("Date")).hasValue("Tue, 01 Jan 2030 00:00:00 GMT");
      assertThat(reply.headers().firstValue("x-amzn-RequestId")).isPresent();
      assertThat(reply.headers().firstValue("Content-Type")).hasValue(JSON);
    }
  }

  @Test
  void carriesErrorsInBodyAndHeader() throws Exception {
    HttpResponse<String> reply = post("ListShards", "{\"StreamName\":\"none\"}");
    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(reply.headers().firstValue("x-amzn-ErrorType"))
        .hasValue("ResourceNotFoundException");
    assertThat(reply.body())
        .isEqualTo("{\"__type\":\"ResourceNotFoundException\","
            + "\"message\":\"Stream none under account 000000000000 not found.\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "\"text\"",
        "nonsense",
        "{} {}",
        "{\"StreamName\":7}",
        "{\"StreamName\":{\"a\":[]}}",
        "{\"StreamName\":[null]}",
        "{\"StreamName\":\"orders\",\"MaxResults\":\"7\"}",
        "{\"StreamName\":\"orders\",\"MaxResults\":99999999999}",
        "{\"StreamName\":\"orders\",\"ShardFilter\":\"x\"}",
        "{\"StreamName\":\"orders\",\"ShardFilter\":{\"Type\":\"AT_TIMESTAMP\",\"Timestamp\":1e999}}"
      })
  void refusesABodyThatIsNoRequest(String body) throws Exception {
    HttpResponse<String> reply = post("ListShards", body);
    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(reply.body()).startsWith("{\"__type\":\"SerializationException\"");
  }

  @Test
  void refusesDeepNesting() throws Exception {
    String body = "{\"a\":" + "[".repeat(900) + "]".repeat(900) + "}";
    assertThat(post("ListShards", body).body()).contains("SerializationException");
  }

  @ParameterizedTest
  @CsvSource({"ff", "a1", "bf61", "00", "a1614101", "5fffffffffffffffff", "1b7fffffffffffffff"})
  void refusesCborThatIsNoRequest(String hex) throws Exception {
    byte[] body = HexFormat.of().parseHex(hex);
    HttpRequest request = HttpRequest.newBuilder(cloud.kinesisEndpoint())
        .header("Content-Type", CBOR)
        .header("X-Amz-Target", "Kinesis_20131202.ListShards")
        .POST(BodyPublishers.ofByteArray(body))
        .build();
    HttpResponse<String> reply = http.send(request, BodyHandlers.ofString());
    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(reply.headers().firstValue("Content-Type")).hasValue(CBOR);
    assertThat(reply.headers().firstValue("x-amzn-ErrorType")).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ListShards | {} | InvalidArgumentException",
        "PutRecord | {\"StreamName\":\"orders\",\"Data\":\"\"} | ValidationException",
        "PutRecord | {\"StreamName\":\"orders\",\"PartitionKey\":\"k\"} | ValidationException",
        "PutRecord | {\"StreamName\":\"orders\",\"PartitionKey\":\"k\",\"Data\":\"?\"} |"
            + " SerializationException",
        "PutRecords | {\"StreamName\":\"orders\",\"Records\":[7]} | SerializationException",
        "PutRecords | {\"StreamName\":\"orders\",\"Records\":[]} | ValidationException",
        "CreateStream | {\"StreamName\":\"new\"} | ValidationException",
        "CreateStream |"
            + " {\"StreamName\":\"new\",\"ShardCount\":1,"
            + "\"StreamModeDetails\":{\"StreamMode\":\"ON_DEMAND\"}} | ValidationException",
        "ListShards | {\"StreamName\":\"orders\",\"NextToken\":\"x\"} | InvalidArgumentException",
        "ListShards | {\"NextToken\":\"x\"} | InvalidArgumentException",
        "ListShards | {\"StreamName\":\"orders\",\"ShardFilter\":{\"Type\":\"NONE\"}} |"
            + " ValidationException",
        "ListShards | {\"StreamName\":\"orders\",\"ShardFilter\":{\"Type\":\"AT_TIMESTAMP\"}} |"
            + " InvalidArgumentException",
        "GetShardIterator |"
            + " {\"StreamName\":\"orders\",\"ShardId\":\"s\",\"ShardIteratorType\":\"X\"} |"
            + " ValidationException",
        "GetShardIterator |"
            + " {\"StreamName\":\"orders\",\"ShardId\":\"s\",\"ShardIteratorType\":"
            + "\"AT_SEQUENCE_NUMBER\"} | InvalidArgumentException",
        "GetRecords | {} | ValidationException",
        "SplitShard | {\"StreamName\":\"orders\",\"ShardToSplit\":\"shardId-000000000000\","
            + "\"NewStartingHashKey\":\"x\"} | ValidationException",
        "DescribeStream | {\"StreamName\":\"a\",\"StreamARN\":"
            + "\"arn:aws:kinesis:us-east-1:000000000000:stream/b\"} | InvalidArgumentException",
        "PutRecordBatch | {} | UnknownOperationException"
      })
  void refusesWithTheServicesError(String operation, String body, String error) throws Exception {
    HttpResponse<String> reply = post(operation, body);
    assertThat(reply.body()).startsWith("{\"__type\":\"" + error + "\"");
    assertThat(reply.statusCode()).isEqualTo(400);
  }

  @Test
  void refusesWhatIsNoKinesisRequest() throws Exception {
    HttpRequest get = HttpRequest.newBuilder(cloud.kinesisEndpoint()).build();
    HttpResponse<String> reply = http.send(get, BodyHandlers.ofString());
    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(reply.body()).contains("UnknownOperationException").contains("kcl-local");
  }

  @Test
  void refusesABodyOfMoreThan16MiB() throws Exception {
    HttpResponse<String> reply = post("PutRecord", "x".repeat(16 * 1024 * 1024 + 1));
    assertThat(reply.statusCode()).isEqualTo(413);
    assertThat(reply.body()).contains("RequestEntityTooLargeException");
  }

  @Test
  void refusesABodyOfUnknownLengthPast16MiB() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(cloud.kinesisEndpoint())
        .header("Content-Type", JSON)
        .header("X-Amz-Target", "Kinesis_20131202.PutRecord")
        .POST(BodyPublishers.ofInputStream(
            () -> new ByteArrayInputStream(new byte[17 * 1024 * 1024])))
        .build();
    assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(413);
  }

  private HttpResponse<String> post(String operation, String body)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(cloud.kinesisEndpoint())
        .header("Content-Type", JSON)
        .header("X-Amz-Target", "Kinesis_20131202." + operation)
        .POST(BodyPublishers.ofString(body))
        .build();
    return http.send(request, BodyHandlers.ofString());
  }
}
