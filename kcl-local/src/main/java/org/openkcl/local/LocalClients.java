package org.openkcl.local;

import java.net.URI;
import java.util.function.Consumer;
import org.openkcl.local.model.StreamNames;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbBaseClientBuilder;
import software.amazon.awssdk.services.kinesis.KinesisBaseClientBuilder;

/** Points client builders at a local cloud. */
record LocalClients(URI kinesis, URI dynamoDb) implements Consumer<AwsClientBuilder<?, ?>> {
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
    throw new IllegalArgumentException(
        "A local cloud has Kinesis and DynamoDB: got a builder for another service, "
            + builder.getClass().getSimpleName());
  }
}
