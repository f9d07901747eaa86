package org.openkcl.multilang;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.openkcl.multilang.config.ClientCredentials;
import org.openkcl.multilang.config.Configuration;
import org.openkcl.multilang.config.ConfigurationException;
import org.openkcl.multilang.config.NestedSettings;
import org.openkcl.multilang.config.Problem;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchBaseClientBuilder;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisBaseClientBuilder;

/** What a configuration sets on the builders of the AWS clients: region, endpoint, credentials. */
final class ClientSettings implements Consumer<AwsClientBuilder<?, ?>> {

  /** One client and the keys that are about it. */
  private record Client(
      String bean, @Nullable String endpointKey, Optional<AwsCredentialsProvider> credentials) {}

  private final Configuration configuration;
  private final Client kinesis;
  private final Client dynamoDb;
  private final Client cloudWatch;

  /**
   * The settings of a configuration.
   *
   * @param problems takes what is wrong with them
   */
  ClientSettings(Configuration configuration, List<Problem> problems) {
    this.configuration = configuration;
    this.kinesis = new Client(
        "kinesisClient",
        "kinesisEndpoint",
        credentials(ClientCredentials.KINESIS, configuration, problems));
    this.dynamoDb = new Client(
        "dynamoDbClient",
        "dynamoDBEndpoint",
        credentials(ClientCredentials.DYNAMO_DB, configuration, problems));
    this.cloudWatch = new Client(
        "cloudWatchClient",
        null,
        credentials(ClientCredentials.CLOUD_WATCH, configuration, problems));
    // Builders that nothing is built with.
    check(KinesisAsyncClient.builder(), kinesis, problems);
    check(DynamoDbAsyncClient.builder(), dynamoDb, problems);
    check(CloudWatchAsyncClient.builder(), cloudWatch, problems);
  }

  private static Optional<AwsCredentialsProvider> credentials(
      ClientCredentials client, Configuration configuration, List<Problem> problems) {
    try {
      return client.of(configuration);
    } catch (ConfigurationException wrong) {
      for (Problem problem : wrong.problems()) {
        if (!problems.contains(problem)) { // Kinesis' are those of the others, too
          problems.add(problem);
        }
      }
      return Optional.empty();
    }
  }

  private void check(AwsClientBuilder<?, ?> builder, Client client, List<Problem> problems) {
    try {
      apply(builder, client);
    } catch (ConfigurationException wrong) {
      problems.addAll(wrong.problems());
    }
  }

  private void apply(AwsClientBuilder<?, ?> builder, Client client) throws ConfigurationException {
    configuration.text("regionName").map(Region::of).ifPresent(builder::region);
    client.credentials().ifPresent(builder::credentialsProvider);
    if (client.endpointKey() != null) {
      configuration.uri(client.endpointKey()).ifPresent(builder::endpointOverride);
    }
    NestedSettings.apply(builder, configuration.nested(client.bean()));
  }

  /** Sets them; they have been checked, so that none is refused now. */
  @Override
  public void accept(AwsClientBuilder<?, ?> builder) {
    try {
      apply(builder, client(builder));
    } catch (ConfigurationException refused) {
      throw new IllegalArgumentException(refused.getMessage(), refused);
    }
  }

  private Client client(AwsClientBuilder<?, ?> builder) {
    if (builder instanceof KinesisBaseClientBuilder) {
      return kinesis;
    }
    return builder instanceof CloudWatchBaseClientBuilder ? cloudWatch : dynamoDb;
  }
}
