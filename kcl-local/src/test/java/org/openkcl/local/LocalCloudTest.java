package org.openkcl.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.openkcl.local.model.IteratorPosition;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

final class LocalCloudTest {
  private static LocalCloud cloud;

  @BeforeAll
  static void start() {
    cloud = LocalCloud.start();
  }

  @AfterAll
  static void stop() {
    cloud.close();
  }

  @Test
  void hasARegionAndTwoEndpointsOnLoopback() {
    assertThat(cloud.region()).isEqualTo("us-east-1");
    assertThat(cloud.kinesisEndpoint()).hasScheme("http").hasHost("127.0.0.1");
    assertThat(cloud.dynamoDbEndpoint()).hasScheme("http").hasHost("127.0.0.1");
    assertThat(cloud.kinesisEndpoint()).isNotEqualTo(cloud.dynamoDbEndpoint());
  }

  @Test
  void showsTheSameStreamsDirectlyAndThroughItsClient() {
    cloud.changeStreams(streams -> streams.createStream("direct", 1));
    cloud
        .kinesis()
        .putRecord(b -> b.streamName("direct").partitionKey("k").data(SdkBytes.fromUtf8String("x")))
        .join();
    String found = cloud.streams(streams -> {
      String iterator =
          streams.shardIterator("direct", "shardId-000000000000", IteratorPosition.trimHorizon());
      return streams.read(iterator, 1).records().get(0).partitionKey();
    });
    assertThat(found).isEqualTo("k");
  }

  @Test
  void runsBesideAnotherAndSharesNothingWithIt() {
    try (LocalCloud other = LocalCloud.start()) {
      other.changeStreams(streams -> streams.createStream("mine", 1));
      createTable(other.dynamoDb(), "mine");
      assertThat(other.kinesis().listStreams().join().streamNames()).containsExactly("mine");
      assertThat(other.dynamoDb().listTables().join().tableNames()).containsExactly("mine");
      assertThat(cloud.kinesis().listStreams().join().streamNames()).doesNotContain("mine");
      assertThat(cloud.dynamoDb().listTables().join().tableNames()).doesNotContain("mine");
    }
  }

  @Test
  void isReachedFromElsewhereByItsTwoAddresses() {
    try (KinesisAsyncClient client = KinesisAsyncClient.builder()
        .applyMutation(
            LocalCloud.clientsFor(cloud.kinesisEndpoint(), cloud.dynamoDbEndpoint())::accept)
        .build()) {
      assertThat(client.listStreams().join().hasStreamNames()).isTrue();
    }
  }

  @Test
  void refusesClientsOfServicesItDoesNotHave() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cloud.clients().accept(DynamoDbStreamsAsyncClient.builder()))
        .withMessageContaining("got a builder for another service");
  }

  @Test
  void refusesAPortThatIsTaken() {
    int taken = cloud.kinesisEndpoint().getPort();
    assertThatIllegalStateException()
        .isThrownBy(() -> LocalCloud.builder().kinesisPort(taken).start())
        .withMessageContaining("cannot listen on 127.0.0.1:" + taken);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LocalCloud.builder().dynamoDbPort(-1))
        .withMessage("dynamoDbPort must be within 0 to 65535: got -1");
  }

  @Test
  void stopsListeningWhenClosed() {
    LocalCloud brief = LocalCloud.start();
    brief.close();
    brief.close();
    assertThatThrownBy(() -> connect("127.0.0.1", brief.kinesisEndpoint()))
        .isInstanceOf(ConnectException.class);
    assertThatThrownBy(() -> connect("127.0.0.1", brief.dynamoDbEndpoint()))
        .isInstanceOf(ConnectException.class);
    assertThatIllegalStateException().isThrownBy(brief::kinesis);
  }

  @Test
  void hasADynamoDbThatRefusesAWriteWhoseConditionFails() {
    DynamoDbAsyncClient dynamoDb = cloud.dynamoDb();
    createTable(dynamoDb, "leases");
    putIfAbsent(dynamoDb);
    assertThatThrownBy(() -> putIfAbsent(dynamoDb))
        .hasCauseInstanceOf(ConditionalCheckFailedException.class);
  }

  private static void putIfAbsent(DynamoDbAsyncClient dynamoDb) {
    ConsumedCapacity capacity = dynamoDb
        .putItem(b -> b.tableName("leases")
            .item(Map.of("id", AttributeValue.fromS("shard-1")))
            .conditionExpression("attribute_not_exists(id)")
            .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL))
        .join()
        .consumedCapacity();
    assertThat(capacity.capacityUnits()).isEqualTo(1.0);
  }

  private static void createTable(DynamoDbAsyncClient dynamoDb, String name) {
    dynamoDb
        .createTable(b -> b.tableName(name)
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .keySchema(KeySchemaElement.builder()
                .attributeName("id")
                .keyType(KeyType.HASH)
                .build())
            .attributeDefinitions(AttributeDefinition.builder()
                .attributeName("id")
                .attributeType(ScalarAttributeType.S)
                .build()))
        .join();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void cannotBeReachedAtAnotherLoopbackAddress() {
    for (URI endpoint : List.of(cloud.kinesisEndpoint(), cloud.dynamoDbEndpoint())) {
      assertThatThrownBy(() -> connect("127.0.0.2", endpoint))
          .as("a service bound to every interface would answer at 127.0.0.2")
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void cannotBeReachedAtTheAddressesOfThisMachine() throws IOException {
    for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
      for (InetAddress address : network.inetAddresses().toList()) {
        if (address.isLoopbackAddress()) {
          continue;
        }
        for (URI endpoint : List.of(cloud.kinesisEndpoint(), cloud.dynamoDbEndpoint())) {
          assertThatThrownBy(() -> connect(address.getHostAddress(), endpoint))
              .as("%s at %s", endpoint, address)
              .isInstanceOf(IOException.class);
        }
      }
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void opensNoListeningSocketExceptOnLoopback() throws IOException {
    List<String> listening = listeningAddresses();
    assertThat(listening)
        .contains(
            "7F000001:" + cloud.kinesisEndpoint().getPort(),
            "7F000001:" + cloud.dynamoDbEndpoint().getPort())
        .allSatisfy(address -> assertThat(address).startsWith("7F000001:"));
  }

  /** The IPv4 address in hexadecimal and the port of every listening socket of this process. */
  private static List<String> listeningAddresses() throws IOException {
    Set<String> inodes = new HashSet<>();
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors) {
        try {
          String target = Files.readSymbolicLink(descriptor).toString();
          if (target.startsWith("socket:[")) {
            inodes.add(target.substring(8, target.length() - 1));
          }
        } catch (NoSuchFileException closedMeanwhile) {
          // listens no more
        }
      }
    }
    List<String> addresses = new ArrayList<>();
    for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] columns = line.trim().split("\\s+");
        if (columns[3].equals("0A") && inodes.contains(columns[9])) {
          addresses.add(readable(columns[1]));
        }
      }
    }
    return addresses;
  }

  private static String readable(String addressAndPort) {
    String[] parts = addressAndPort.split(":");
    String hex = parts[0].replace("0000000000000000FFFF0000", "").toUpperCase(Locale.ROOT);
    String bigEndian = hex.length() == 8
        ? hex.substring(6) + hex.substring(4, 6) + hex.substring(2, 4) + hex.substring(0, 2)
        : hex;
    return bigEndian + ":" + Integer.parseInt(parts[1], 16);
  }

  private static void connect(String host, URI endpoint) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, endpoint.getPort()), 2_000);
    }
  }
}
