package org.openkcl.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.openkcl.local.LocalCloud;
import org.openkcl.local.model.StreamDescription;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

@LocalStream(name = "orders", shards = 3)
class LocalStreamTest {
  private static LocalCloud cloudOfTheClass;

  @BeforeAll
  static void isThereBeforeTheTests(LocalCloud cloud) {
    cloudOfTheClass = cloud;
  }

  @RepeatedTest(2)
  void beginsEachTestWithTheStreamEmptyAndNothingElse(
      LocalCloud cloud,
      KinesisAsyncClient kinesis,
      DynamoDbAsyncClient dynamoDb,
      @LocalStream.Name String stream) {
    assertThat(stream).isEqualTo("orders");
    assertThat(cloud).isSameAs(cloudOfTheClass);
    assertThat(kinesis.listShards(b -> b.streamName(stream)).join().shards()).hasSize(3);
    assertThat(names(cloud)).containsExactly("orders");
    assertThat(dynamoDb.listTables().join().tableNames()).isEmpty();

    String shardId = kinesis
        .putRecord(
            b -> b.streamName(stream).partitionKey("key").data(SdkBytes.fromUtf8String("data")))
        .join()
        .shardId();
    String iterator = kinesis
        .getShardIterator(b ->
            b.streamName(stream).shardId(shardId).shardIteratorType(ShardIteratorType.TRIM_HORIZON))
        .join()
        .shardIterator();
    assertThat(kinesis.getRecords(b -> b.shardIterator(iterator)).join().records())
        .hasSize(1);
    kinesis.createStream(b -> b.streamName("other").shardCount(1)).join();
    dynamoDb
        .createTable(b -> b.tableName("left-behind")
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .keySchema(KeySchemaElement.builder()
                .attributeName("key")
                .keyType(KeyType.HASH)
                .build())
            .attributeDefinitions(AttributeDefinition.builder()
                .attributeName("key")
                .attributeType(ScalarAttributeType.S)
                .build()))
        .join();
  }

  @Nested
  @LocalStream(name = "clicks")
  @LocalStream(name = "views", shards = 2)
  class InANestedClass {
    @Test
    void hasTheStreamsOfBoth(LocalCloud cloud) {
      assertThat(cloud).isSameAs(cloudOfTheClass);
      assertThat(names(cloud)).containsExactly("clicks", "orders", "views");
    }
  }

  @Test
  void theExampleOfTheReadmeIsATest() throws IOException {
    String example = Files.readString(Path.of("src/test/java/org/openkcl/testkit/OrdersTest.java"));
    assertThat(Files.readString(Path.of("README.md")))
        .contains(example.substring(example.indexOf("@LocalStream")));
  }

  private static List<String> names(LocalCloud cloud) {
    return cloud.streams(
        streams -> streams.listStreams().stream().map(StreamDescription::name).toList());
  }
}
