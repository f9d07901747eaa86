package org.openkcl.local.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** The program as people run it, in a process of its own. */
class LocalMainIT {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path temporary;

  @Test
  void servesUntilItIsStoppedAndKeepsItsData() throws Exception {
    Path data = temporary.resolve("data");
    try (LocalProgram first =
        LocalProgram.start("--stream=orders:2", "--stream=clicks", "--data=" + data)) {
      assertThat(first.banner())
          .contains("orders (2 shards)")
          .contains("clicks (1 shard)")
          .contains(data.toString())
          .contains("export AWS_ENDPOINT_URL_KINESIS=" + first.endpoint("Kinesis"))
          .contains("boto3.client(\"kinesis\", endpoint_url=\"" + first.endpoint("Kinesis"))
          .contains("new KinesisClient({ endpoint: \"" + first.endpoint("Kinesis"));
      try (KinesisAsyncClient kinesis = first.kinesis();
          DynamoDbAsyncClient dynamoDb = first.dynamoDb()) {
        kinesis
            .putRecord(b ->
                b.streamName("clicks").partitionKey("key").data(SdkBytes.fromUtf8String("kept")))
            .join();
        assertThat(dynamoDb.listTables().join().tableNames()).isEmpty();
      }
      String taken = first.endpoint("Kinesis").substring("http://127.0.0.1:".length());
      try (LocalProgram second = LocalProgram.start(
          "--kinesis-port=" + taken, "--dynamodb-port=0", "--cloudwatch-port=0")) {
        assertThat(second.awaitExit()).isEqualTo(1);
        assertThat(second.banner())
            .contains("cannot listen on 127.0.0.1:" + taken)
            .contains("--kinesis-port");
      }
      try (LocalProgram second = LocalProgram.start("--data=" + data)) {
        assertThat(second.awaitExit()).isEqualTo(1);
        assertThat(second.banner()).contains("in use by another kcl-local");
      }
      first.terminate();
      assertThat(first.awaitExit()).isEqualTo(143);
      assertThat(first.rest()).contains("Stopped.");
    }
    try (LocalProgram again = LocalProgram.start(
            "--stream=orders:3",
            "--data=" + data,
            "--quiet",
            "--tls=" + temporary.resolve("kinesis.pem"));
        KinesisAsyncClient kinesis = again.kinesis()) {
      assertThat(again.banner())
          .contains("orders (2 shards)")
          .contains("With TLS     https://127.0.0.1:")
          .doesNotContain("boto3");
      assertThat(temporary.resolve("kinesis.pem"))
          .content()
          .startsWith("-----BEGIN CERTIFICATE-----");
      String iterator = kinesis
          .getShardIterator(b -> b.streamName("clicks")
              .shardId("shardId-000000000000")
              .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
          .join()
          .shardIterator();
      assertThat(kinesis.getRecords(b -> b.shardIterator(iterator)).join().records())
          .singleElement()
          .satisfies(record -> assertThat(record.data().asUtf8String()).isEqualTo("kept"));
    }
  }

  @Test
  void saysWhatIsWrongWithItsCommandLine() throws Exception {
    try (LocalProgram wrong = LocalProgram.start("--stream=orders:none")) {
      assertThat(wrong.awaitExit()).isEqualTo(2);
      assertThat(wrong.banner()).contains("a stream is NAME or NAME:SHARDS");
    }
    try (LocalProgram wrong = LocalProgram.start("--wait-for-disk")) {
      assertThat(wrong.awaitExit()).isEqualTo(2);
      assertThat(wrong.banner()).contains("--data");
    }
    try (LocalProgram help = LocalProgram.start("--help")) {
      assertThat(help.awaitExit()).isZero();
      assertThat(help.banner()).contains("--realistic").contains("--data=DIR");
    }
  }
}
