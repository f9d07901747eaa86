package org.openkcl.cloudwatch;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.openkcl.kinesis.AwsClients;
import org.openkcl.metrics.MetricDatum;
import org.openkcl.metrics.MetricIdentity;
import org.openkcl.metrics.MetricIntake;
import org.openkcl.metrics.MetricsRefusedException;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.InvalidParameterCombinationException;
import software.amazon.awssdk.services.cloudwatch.model.InvalidParameterValueException;
import software.amazon.awssdk.services.cloudwatch.model.MissingRequiredParameterException;

/**
 * CloudWatch by its {@code PutMetricData}: a statistic set per series, up to 1,000 of them and 1 MB a
 * request (API reference, PutMetricData), which the SDK compresses.
 *
 * <p>Thread-safe.
 */
public final class PutMetricDataIntake implements MetricIntake {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int MAX_DATA = 1_000;
  private static final int MAX_TEXT = 1_024;

  /** Before compression, since the limit does not say which size it means; with some room. */
  private static final int MAX_BYTES = 1_000_000;

  /** The parameters' names of one datum and its numbers, or of one dimension, at most. */
  private static final int DATUM_BYTES = 550;

  private static final int DIMENSION_BYTES = 110;

  private final CloudWatchAsyncClient client;
  private final String namespace;

  /**
   * An intake that does not close the client.
   *
   * @param namespace that all metrics are put into
   */
  public PutMetricDataIntake(CloudWatchAsyncClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** An intake whose client is one of the worker's, closed with them. */
  public static PutMetricDataIntake create(AwsClients clients, String namespace) {
    CloudWatchAsyncClient client =
        clients.another("openkcl-cloudwatch-io", CloudWatchAsyncClient.builder(), TIMEOUT);
    return new PutMetricDataIntake(client, namespace);
  }

  @Override
  public int fitting(List<MetricDatum> data) {
    int bytes = 0;
    int fitting = 0;
    for (MetricDatum datum : data) {
      bytes += bytes(datum.identity());
      if (fitting == MAX_DATA || (fitting > 0 && bytes > MAX_BYTES)) {
        break;
      }
      fitting++;
    }
    return fitting;
  }

  @Override
  public CompletionStage<Void> accept(List<MetricDatum> data) {
    return client
        .putMetricData(request -> request
            .namespace(namespace)
            .metricData(data.stream().map(PutMetricDataIntake::datum).toList()))
        .handle((answer, failure) -> {
          if (failure != null) {
            throw explained(failure);
          }
          return null;
        });
  }

  private static software.amazon.awssdk.services.cloudwatch.model.MetricDatum datum(
      MetricDatum datum) {
    return software.amazon.awssdk.services.cloudwatch.model.MetricDatum.builder()
        .metricName(ascii(datum.identity().name()))
        .dimensions(datum.identity().dimensions().entrySet().stream()
            .map(PutMetricDataIntake::dimension)
            .toList())
        .unit(datum.identity().unit().cloudWatchName())
        .timestamp(datum.at())
        .statisticValues(set -> set.minimum(datum.statistics().minimum())
            .maximum(datum.statistics().maximum())
            .sum(datum.statistics().sum())
            .sampleCount((double) datum.statistics().count()))
        .build();
  }

  private static Dimension dimension(Map.Entry<String, String> dimension) {
    return Dimension.builder()
        .name(ascii(dimension.getKey()))
        .value(ascii(dimension.getValue()))
        .build();
  }

  /** One character that CloudWatch does not take would have the whole request refused. */
  private static String ascii(String text) {
    String cut = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    return cut.replaceAll("[^\\x20-\\x7E]", "?");
  }

  private static int bytes(MetricIdentity identity) {
    int bytes = DATUM_BYTES + encoded(identity.name());
    for (Map.Entry<String, String> dimension : identity.dimensions().entrySet()) {
      bytes += DIMENSION_BYTES + encoded(dimension.getKey()) + encoded(dimension.getValue());
    }
    return bytes;
  }

  /** As a form's value, in which what is neither a letter nor a digit may take three bytes. */
  private static int encoded(String text) {
    int bytes = 0;
    for (int i = 0; i < Math.min(text.length(), MAX_TEXT); i++) {
      bytes += Character.isLetterOrDigit(text.charAt(i)) ? 1 : 3;
    }
    return bytes;
  }

  /** Only what is wrong with the data themselves stays wrong. */
  private static CompletionException explained(Throwable failure) {
    Throwable cause = failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
    boolean refused = cause instanceof InvalidParameterValueException
        || cause instanceof InvalidParameterCombinationException
        || cause instanceof MissingRequiredParameterException;
    return new CompletionException(
        refused ? new MetricsRefusedException(String.valueOf(cause.getMessage()), cause) : cause);
  }
}
