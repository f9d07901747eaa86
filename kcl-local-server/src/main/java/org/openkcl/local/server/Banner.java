package org.openkcl.local.server;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.LocalCloud;
import org.openkcl.local.model.StreamDescription;

/** What is said once everything runs: where, and how to use it from several languages. */
final class Banner {
  private final LocalCloud cloud;
  private final @Nullable Path data;
  private final @Nullable Path certificate;

  Banner(LocalCloud cloud, @Nullable Path data, @Nullable Path certificate) {
    this.cloud = cloud;
    this.data = data;
    this.certificate = certificate;
  }

  String text(boolean withSettings) {
    return endpoints() + tls() + (withSettings ? settings() : "");
  }

  private String endpoints() {
    List<String> streams = cloud.streams(s -> s.listStreams().stream()
        .map(stream -> stream.name() + " (" + shards(stream) + ")")
        .toList());
    return """
        Kinesis      %s
        DynamoDB     %s
        CloudWatch   %s (metrics only)
        Streams      %s
        Data         %s
        """.formatted(
            cloud.kinesisEndpoint(),
            cloud.dynamoDbEndpoint(),
            cloud.cloudWatchEndpoint(),
            streams.isEmpty() ? "none yet" : String.join(", ", streams),
            data == null ? "in memory" : data.toAbsolutePath().normalize());
  }

  private String tls() {
    return certificate == null
        ? ""
        : """
            With TLS     %s, for who trusts %s (AWS_CA_BUNDLE, NODE_EXTRA_CA_CERTS)
            """.formatted(cloud.kinesisTlsEndpoint(), certificate.toAbsolutePath().normalize());
  }

  private static String shards(StreamDescription stream) {
    if (!stream.status().equals("ACTIVE")) {
      return stream.status();
    }
    return stream.openShardCount() == 1 ? "1 shard" : stream.openShardCount() + " shards";
  }

  private String settings() {
    return """

        For the AWS CLI and any recent SDK, in a shell:
          export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_REGION=%4$s AWS_DEFAULT_REGION=%4$s
          export AWS_ENDPOINT_URL_KINESIS=%1$s AWS_ENDPOINT_URL_DYNAMODB=%2$s AWS_ENDPOINT_URL_CLOUDWATCH=%3$s

        AWS CLI
          AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local aws kinesis list-streams --endpoint-url %1$s --region %4$s
        Java
          Scheduler.builder().clients(LocalCloud.clientsFor(URI.create("%1$s"), URI.create("%2$s"))) ...
          KinesisAsyncClient.builder().endpointOverride(URI.create("%1$s")).region(Region.US_EAST_1).credentialsProvider(AnonymousCredentialsProvider.create()) ...
        Python
          boto3.client("kinesis", endpoint_url="%1$s", region_name="%4$s", aws_access_key_id="local", aws_secret_access_key="local")
        Node
          new KinesisClient({ endpoint: "%1$s", region: "%4$s", credentials: { accessKeyId: "local", secretAccessKey: "local" } })

        """.formatted(
            cloud.kinesisEndpoint(),
            cloud.dynamoDbEndpoint(),
            cloud.cloudWatchEndpoint(),
            cloud.region());
  }
}
