package org.openkcl.local;

import java.net.URI;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.model.StreamNames;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbBaseClientBuilder;
import software.amazon.awssdk.services.kinesis.KinesisBaseClientBuilder;

/**
 * Points client builders at a local cloud.
 *
 * @param cloudWatch null where it is not known
 */
record LocalClients(URI kinesis, URI dynamoDb, @Nullable URI cloudWatch)
    implements Consumer<AwsClientBuilder<?, ?>> {
  private static final String CLOUD_WATCH_BUILDER =
      "software.amazon.awssdk.services.cloudwatch.CloudWatchBaseClientBuilder";

  private static final AwsCredentialsProvider CREDENTIALS =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));

  @Override
  public void accept(AwsClientBuilder<?, ?> builder) {
    builder.region(Region.of(StreamNames.REGION));
    builder.credentialsProvider(CREDENTIALS);
    builder.endpointOverride(endpoint(builder));
  }

  private URI endpoint(AwsClientBuilder<?, ?> builder) {
    if (builder instanceof KinesisBaseClientBuilder) {
      return kinesis;
    }
    if (builder instanceof DynamoDbBaseClientBuilder) {
      return dynamoDb;
    }
    if (isCloudWatch(builder.getClass())) {
      if (cloudWatch == null) {
        throw new IllegalArgumentException(
            "Got a builder for CloudWatch, but no endpoint of it: give clientsFor all three");
      }
      return cloudWatch;
    }
    throw new IllegalArgumentException(
        "A local cloud has Kinesis, DynamoDB and CloudWatch: got a builder for another service, "
            + builder.getClass().getSimpleName());
  }

  /** By name, so that kcl-local does not need the client's jar. */
  private static boolean isCloudWatch(Class<?> type) {
    return Arrays.stream(type.getInterfaces())
        .anyMatch(each -> each.getName().equals(CLOUD_WATCH_BUILDER) || isCloudWatch(each));
  }
}
