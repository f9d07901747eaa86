package org.openkcl.local.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.local.model.ModelFixture.STREAM;
import static org.openkcl.local.model.ModelFixture.assertError;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openkcl.local.model.ResourcePolicy.Denial;

final class TagsAndPoliciesTest {
  private static final String ARN = StreamNames.arn(STREAM);
  private final ModelFixture fixture = ModelFixture.withShards(1);
  private final StreamTags tags = fixture.streams.control().tags();
  private final StreamPolicies policies = fixture.streams.control().policies();

  @Test
  void tagsAreReplacedByKeyAndRemovedByKey() {
    tags.add(ARN, Map.of("team", "a", "stage", "test"));
    tags.add(ARN, Map.of("team", "b", "größe @+-", ""));
    tags.remove(ARN, List.of("stage", "unknown"));
    assertThat(tags.of(ARN)).isEqualTo(Map.of("team", "b", "größe @+-", ""));
  }

  @Test
  void tagsAreFiftyAtMostAndAddedAllOrNone() {
    tags.add(ARN, many(50));
    tags.add(ARN, Map.of("key0", "other"));
    assertError(
        "InvalidArgumentException",
        "cannot have more than 50 tags",
        () -> tags.add(ARN, Map.of("key0", "not this", "more", "")));
    assertThat(tags.of(ARN)).hasSize(50).containsEntry("key0", "other");
    assertError(
        "InvalidArgumentException",
        "cannot have more than 50 tags",
        () -> fixture.streams.createStream(NewStream.provisioned("new", 1).withTags(many(51))));
    assertError("ResourceNotFoundException", "not found", () -> tags.of(StreamNames.arn("new")));
  }

  @Test
  void tagsHaveLimitsOfLengthAndAlphabet() {
    assertError("ValidationException", "between 1 and 200", () -> tags.add(ARN, many(201)));
    assertError("ValidationException", "between 1 and 200", () -> tags.add(ARN, Map.of()));
    assertError(
        "ValidationException",
        "between 1 and 128",
        () -> tags.add(ARN, Map.of("k".repeat(129), "")));
    assertError(
        "ValidationException",
        "less than or equal to 256",
        () -> tags.add(ARN, Map.of("k", "v".repeat(257))));
    assertError(
        "InvalidArgumentException", "illegal characters", () -> tags.add(ARN, Map.of("a*b", "")));
    assertError(
        "InvalidArgumentException", "illegal characters", () -> tags.remove(ARN, List.of("*")));
    assertError("InvalidArgumentException", "reserved", () -> tags.add(ARN, Map.of("aws:a", "")));
    assertError("ValidationException", "between 1 and 50", () -> tags.remove(ARN, List.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "kinesis:GetRecords, *,                                       denied",
    "kinesis:Get*,       reader,                                  denied",
    "KINESIS:getrecord?, arn:aws:iam::000000000000:user/reader,   denied",
    "*,                  *,                                       denied",
    "kinesis:PutRecord,  *,                                       allowed",
    "kinesis:GetRecord,  *,                                       allowed",
    "kinesis:GetRecords, other,                                   allowed",
    "kinesis:GetRecords, arn:aws:iam::000000000000:user/myreader, allowed"
  })
  void policiesDenyByActionAndPrincipal(String action, String principal, String outcome) {
    String iterator = fixture.iterator(0, IteratorPosition.latest());
    policies.put(ARN, denying(action, principal));
    Supplier<ReadResult> read =
        () -> as(new Call("reader", "GetRecords"), () -> fixture.streams.read(iterator, 1));
    if (outcome.equals("allowed")) {
      assertThat(read.get().records()).isEmpty();
    } else {
      assertError(
          "AccessDeniedException",
          "User: arn:aws:iam::000000000000:user/reader is not authorized to perform:"
              + " kinesis:GetRecords on resource:"
              + " arn:aws:kinesis:us-east-1:000000000000:stream/orders",
          read::get);
    }
  }

  @Test
  void policiesThatDenyEverythingCanBeTakenBack() {
    policies.put(ARN, denying("*", "*"));
    as(new Call("owner", "DeleteResourcePolicy"), () -> {
      policies.delete(ARN);
      return "done";
    });
    assertThat(policies.of(ARN)).isNull();
    assertError(
        "ResourceNotFoundException", "No resource policy found", () -> policies.delete(ARN));
  }

  @Test
  void consumersHaveTheirOwn() {
    StreamConsumers consumers = fixture.streams.consumers();
    String arn = consumers.register(STREAM, "c", Map.of("team", "blue")).arn();
    tags.add(ARN, Map.of("team", "red"));
    tags.add(arn, Map.of("stage", "test"));
    assertThat(tags.of(arn)).isEqualTo(Map.of("team", "blue", "stage", "test"));
    policies.put(arn, denying("kinesis:DescribeStreamConsumer", "*"));
    Call call = new Call("reader", "DescribeStreamConsumer");
    ConsumerId id = ConsumerId.fromArn(arn);
    assertError(
        "AccessDeniedException",
        "on resource: " + arn,
        () -> as(call, () -> consumers.describe(id)));
    assertThat(as(new Call("reader", "SubscribeToShard"), () -> consumers.describe(id))
            .name())
        .isEqualTo("c");
    assertError(
        "ResourceNotFoundException",
        "Consumer d with creation timestamp",
        () -> tags.of(arn.replace("/consumer/c:", "/consumer/d:")));
  }

  private <T> T as(Call call, Supplier<T> work) {
    return fixture.streams.control().during(call, work);
  }

  private static ResourcePolicy denying(String action, String principal) {
    return new ResourcePolicy("{}", List.of(new Denial(List.of(action), List.of(principal))));
  }

  private static Map<String, String> many(int count) {
    Map<String, String> many = new HashMap<>();
    for (int i = 0; i < count; i++) {
      many.put("key" + i, "");
    }
    return many;
  }
}
