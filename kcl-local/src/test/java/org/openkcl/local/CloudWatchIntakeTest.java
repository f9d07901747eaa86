package org.openkcl.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openkcl.local.model.metrics.DataPoint;
import org.openkcl.local.model.metrics.MetricKey;
import org.openkcl.local.model.metrics.Statistics;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.cloudwatch.model.CloudWatchException;
import software.amazon.awssdk.services.cloudwatch.model.Datapoint;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.DimensionFilter;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataResponse;
import software.amazon.awssdk.services.cloudwatch.model.InvalidParameterCombinationException;
import software.amazon.awssdk.services.cloudwatch.model.InvalidParameterValueException;
import software.amazon.awssdk.services.cloudwatch.model.LimitExceededException;
import software.amazon.awssdk.services.cloudwatch.model.Metric;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.MissingRequiredParameterException;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;

/** The CloudWatch intake over the wire: the SDK's own client, and requests as others send them. */
class CloudWatchIntakeTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final int DATA_POINTS_MAX = 2_000;

  private static LocalCloud cloud;
  private static CloudWatchAsyncClient cloudWatch;
  private static final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void start() {
    cloud = LocalCloud.builder()
        .clock(() -> NOON)
        .metricDataPointsMax(DATA_POINTS_MAX)
        .start();
    cloudWatch =
        CloudWatchAsyncClient.builder().applyMutation(cloud.clients()::accept).build();
  }

  @AfterAll
  static void stop() {
    cloudWatch.close();
    cloud.close();
  }

  @BeforeEach
  void forget() {
    cloud.metrics(metrics -> {
      metrics.clear();
      return 0;
    });
  }

  @Test
  void keepsWhatTheSdkPublishes() {
    Instant at = NOON.minusSeconds(30);
    put(
        MetricDatum.builder()
            .metricName("Lag")
            .dimensions(dimension("ShardId", "s-1"), dimension("Operation", "ProcessTask"))
            .timestamp(at)
            .unit(StandardUnit.MILLISECONDS)
            .value(12.5)
            .build(),
        MetricDatum.builder()
            .metricName("Records")
            .statisticValues(s -> s.sampleCount(3.0).sum(60.0).minimum(10.0).maximum(30.0))
            .build(),
        MetricDatum.builder()
            .metricName("Sizes")
            .values(1.0, 2.0)
            .counts(3.0, 1.0)
            .storageResolution(1)
            .build());

    Map<String, String> dimensions = Map.of("ShardId", "s-1", "Operation", "ProcessTask");
    assertThat(cloud.<List<DataPoint>>metrics(m -> m.dataPoints("app")))
        .containsExactly(
            new DataPoint(
                MetricKey.of("app", "Lag", dimensions),
                at,
                "Milliseconds",
                new Statistics(1, 12.5, 12.5, 12.5),
                List.of(12.5),
                List.of(1.0)),
            new DataPoint(
                MetricKey.of("app", "Records", Map.of()),
                NOON,
                "None",
                new Statistics(3, 60, 10, 30),
                List.of(),
                List.of()),
            new DataPoint(
                MetricKey.of("app", "Sizes", Map.of()),
                NOON,
                "None",
                new Statistics(4, 5, 1, 2),
                List.of(1.0, 2.0),
                List.of(3.0, 1.0)));
  }

  @Test
  void unpacksWhatTheSdkCompresses() {
    MetricDatum[] many = IntStream.range(0, 1_000)
        .mapToObj(i -> MetricDatum.builder()
            .metricName("a-metric-with-a-rather-long-name")
            .value((double) i)
            .build())
        .toArray(MetricDatum[]::new);
    put(many);
    assertThat(cloud.<List<DataPoint>>metrics(m -> m.dataPoints("app"))).hasSize(1_000);
  }

  @Test
  void listsMetrics() {
    put(datum("Lag", "s-1", 1), datum("Lag", "s-2", 2), datum("Records", "s-1", 3));
    List<Metric> all = cloudWatch.listMetrics().join().metrics();
    assertThat(all).hasSize(3);
    assertThat(cloudWatch
            .listMetrics(b -> b.namespace("app")
                .metricName("Lag")
                .dimensions(
                    DimensionFilter.builder().name("ShardId").value("s-2").build()))
            .join()
            .metrics())
        .containsExactly(Metric.builder()
            .namespace("app")
            .metricName("Lag")
            .dimensions(dimension("ShardId", "s-2"))
            .build());
    assertThat(cloudWatch.listMetrics(b -> b.namespace("other")).join().metrics())
        .isEmpty();
  }

  @Test
  void answersStatisticsByPeriod() {
    put(
        MetricDatum.builder()
            .metricName("Lag")
            .timestamp(NOON.minusSeconds(61))
            .value(1.0)
            .build(),
        MetricDatum.builder()
            .metricName("Lag")
            .timestamp(NOON.minusSeconds(5))
            .value(2.0)
            .build(),
        MetricDatum.builder()
            .metricName("Lag")
            .timestamp(NOON.minusSeconds(1))
            .value(6.0)
            .build());
    List<Datapoint> points = cloudWatch
        .getMetricStatistics(b -> b.namespace("app")
            .metricName("Lag")
            .startTime(NOON.minusSeconds(600))
            .endTime(NOON)
            .period(60)
            .statistics(Statistic.AVERAGE, Statistic.MAXIMUM, Statistic.SAMPLE_COUNT))
        .join()
        .datapoints();
    assertThat(points).extracting(Datapoint::average).containsExactly(1.0, 4.0);
    assertThat(points).extracting(Datapoint::maximum).containsExactly(1.0, 6.0);
    assertThat(points)
        .extracting(Datapoint::timestamp)
        .containsExactly(NOON.minusSeconds(120), NOON.minusSeconds(60));

    GetMetricDataResponse data = cloudWatch
        .getMetricData(b -> b.startTime(NOON.minusSeconds(600))
            .endTime(NOON)
            .metricDataQueries(MetricDataQuery.builder()
                .id("q1")
                .metricStat(s -> s.metric(m -> m.namespace("app").metricName("Lag"))
                    .period(60)
                    .stat("Sum"))
                .build()))
        .join();
    assertThat(data.metricDataResults()).singleElement().satisfies(result -> {
      assertThat(result.id()).isEqualTo("q1");
      assertThat(result.values()).containsExactly(8.0, 1.0);
      assertThat(result.timestamps())
          .containsExactly(NOON.minusSeconds(60), NOON.minusSeconds(120));
    });
  }

  @Test
  void refusesWithTheServicesErrors() {
    assertThatThrownBy(() -> put(datum("Lag", "s-1", Double.NaN)))
        .hasCauseInstanceOf(InvalidParameterValueException.class);
    assertThatThrownBy(() -> put(MetricDatum.builder()
            .metricName("Lag")
            .value(1.0)
            .timestamp(NOON.minus(Duration.ofDays(15)))
            .build()))
        .hasCauseInstanceOf(InvalidParameterValueException.class)
        .hasMessageContaining("two weeks");
    assertThatThrownBy(() -> put(MetricDatum.builder().metricName("Lag").build()))
        .hasCauseInstanceOf(MissingRequiredParameterException.class);
    assertThatThrownBy(() ->
            put(MetricDatum.builder().metricName("Lag").value(1.0).values(2.0).build()))
        .hasCauseInstanceOf(InvalidParameterCombinationException.class);
    assertThatThrownBy(() -> put(
            MetricDatum.builder().metricName("Lag").value(1.0).unit("Furlongs").build()))
        .hasCauseInstanceOf(InvalidParameterValueException.class);
    assertThatThrownBy(() -> cloudWatch.describeAlarms().join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(CloudWatchException.class)
        .hasMessageContaining("DescribeAlarms is not supported by kcl-local");
    assertThat(cloud.<List<MetricKey>>metrics(m -> m.metrics())).isEmpty();
  }

  @Test
  void holdsNoMoreThanItsBound() {
    MetricDatum[] half = IntStream.range(0, DATA_POINTS_MAX / 2)
        .mapToObj(i -> datum("Lag", "s-" + i, 1))
        .toArray(MetricDatum[]::new);
    put(half);
    put(half);
    assertThatThrownBy(() -> put(datum("Lag", "s-1", 1)))
        .hasCauseInstanceOf(LimitExceededException.class)
        .hasMessageContaining("metricDataPointsMax");
  }

  @Test
  void understandsFormsAndAnswersInXml() throws Exception {
    HttpResponse<String> put = post(
        "application/x-www-form-urlencoded; charset=utf-8",
        null,
        "Action=PutMetricData&Version=2010-08-01&Namespace=app"
            + "&MetricData.member.1.MetricName=Lag&MetricData.member.1.Value=1.5"
            + "&MetricData.member.1.Timestamp=2026-03-01T11%3A59%3A00Z"
            + "&MetricData.member.1.Dimensions.member.1.Name=ShardId"
            + "&MetricData.member.1.Dimensions.member.1.Value=%3Cs%261%3E"
            + "&MetricData.member.2.MetricName=Sizes&MetricData.member.2.Values.member.1=1"
            + "&MetricData.member.2.Values.member.2=2&MetricData.member.2.Dimensions=");
    assertThat(put.statusCode()).isEqualTo(200);
    assertThat(put.body()).contains("<PutMetricDataResponse").contains("<RequestId>");
    HttpResponse<String> list =
        post("application/x-www-form-urlencoded", null, "Action=ListMetrics&MetricName=Lag");
    assertThat(list.body())
        .contains("<Metrics><member><Namespace>app</Namespace><MetricName>Lag</MetricName>"
            + "<Dimensions><member><Name>ShardId</Name><Value>&lt;s&amp;1&gt;</Value></member>");
    HttpResponse<String> bad = post(
        "application/x-www-form-urlencoded", null, "Action=PutMetricData&Namespace=:app&x.y=1");
    assertThat(bad.statusCode()).isEqualTo(400);
    assertThat(bad.body()).contains("<Code>MissingParameter</Code>");
  }

  @Test
  void understandsJsonAndPackedBodies() throws Exception {
    String datum = "{\"Namespace\":\"app\",\"MetricData\":[{\"MetricName\":\"Lag\",\"Value\":2,"
        + "\"Timestamp\":1772366340.5}]}";
    HttpResponse<String> put =
        post("application/x-amz-json-1.0", "GraniteServiceVersion20100801.PutMetricData", datum);
    assertThat(put.statusCode()).isEqualTo(200);
    assertThat(cloud.<List<DataPoint>>metrics(m -> m.dataPoints("app", "Lag")))
        .singleElement()
        .satisfies(point ->
            assertThat(point.timestamp()).isEqualTo(Instant.parse("2026-03-01T11:59:00.500Z")));

    HttpRequest packed = HttpRequest.newBuilder(cloud.cloudWatchEndpoint())
        .header("Content-Type", "application/x-amz-json-1.0")
        .header("X-Amz-Target", "GraniteServiceVersion20100801.PutMetricData")
        .header("Content-Encoding", "gzip")
        .POST(HttpRequest.BodyPublishers.ofByteArray(gzip(datum.getBytes(UTF_8))))
        .build();
    assertThat(http.send(packed, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
    HttpRequest broken = HttpRequest.newBuilder(packed, (name, value) -> true)
        .POST(HttpRequest.BodyPublishers.ofString(datum))
        .build();
    assertThat(http.send(broken, HttpResponse.BodyHandlers.ofString()).body())
        .contains("SerializationException");
  }

  @Test
  void understandsSmithyRpcWithCbor() throws Exception {
    String path = "/service/GraniteServiceVersion20100801/operation/";
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (CBORGenerator out = new CBORFactory().createGenerator(body)) {
      out.writeStartObject();
      out.writeStringField("Namespace", "app");
      out.writeArrayFieldStart("MetricData");
      out.writeStartObject();
      out.writeStringField("MetricName", "Lag");
      out.writeNumberField("Value", 2.5);
      out.writeFieldName("Timestamp");
      out.writeTag(1);
      out.writeNumber(1_772_366_340.5);
      out.writeEndObject();
      out.writeEndArray();
      out.writeEndObject();
    }
    HttpResponse<byte[]> put = postCbor(path + "PutMetricData", gzip(body.toByteArray()));
    assertThat(put.statusCode()).isEqualTo(200);
    assertThat(put.headers().firstValue("smithy-protocol")).hasValue("rpc-v2-cbor");
    assertThat(put.headers().firstValue("content-type")).hasValue("application/cbor");
    assertThat(cloud.<List<DataPoint>>metrics(m -> m.dataPoints("app", "Lag")))
        .singleElement()
        .satisfies(point -> {
          assertThat(point.timestamp()).isEqualTo(Instant.parse("2026-03-01T11:59:00.500Z"));
          assertThat(point.values()).containsExactly(2.5);
        });

    HttpResponse<byte[]> refused = postCbor(path + "PutMetricData", gzip(new byte[] {(byte) 0xa0}));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.headers().firstValue("x-amzn-query-error"))
        .hasValue("MissingParameter;Sender");
    assertThat(new String(refused.body(), UTF_8)).contains("MissingRequiredParameterException");
  }

  private static HttpResponse<byte[]> postCbor(String path, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(cloud.cloudWatchEndpoint().resolve(path))
        .header("Content-Type", "application/cbor")
        .header("smithy-protocol", "rpc-v2-cbor")
        .header("Content-Encoding", "gzip")
        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
        .build();
    return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  @Test
  void refusesWhatItCannotRead() throws Exception {
    assertThat(
            post("application/x-amz-json-1.0", "GraniteServiceVersion20100801.PutMetricData", "{")
                .statusCode())
        .isEqualTo(400);
    assertThat(post("application/x-amz-json-1.0", "x.PutMetricData", "{\"MetricData\":7}")
            .body())
        .contains("InvalidParameterValue");
    assertThat(post("text/plain", null, "hello").body()).contains("MissingAction");
    assertThat(post("text/plain", null, "a".repeat(3_000_000)).statusCode()).isEqualTo(413);
  }

  private static HttpResponse<String> post(String contentType, @Nullable String target, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(cloud.cloudWatchEndpoint())
        .version(HttpClient.Version.HTTP_1_1)
        .header("Content-Type", contentType)
        .POST(HttpRequest.BodyPublishers.ofString(body));
    if (target != null) {
      request.header("X-Amz-Target", target);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  private static void put(MetricDatum... data) {
    cloudWatch.putMetricData(b -> b.namespace("app").metricData(data)).join();
  }

  private static MetricDatum datum(String name, String shardId, double value) {
    return MetricDatum.builder()
        .metricName(name)
        .dimensions(dimension("ShardId", shardId))
        .value(value)
        .build();
  }

  private static Dimension dimension(String name, String value) {
    return Dimension.builder().name(name).value(value).build();
  }
}
