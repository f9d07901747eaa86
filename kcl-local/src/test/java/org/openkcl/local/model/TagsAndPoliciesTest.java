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
  private final ModelFixture fixture = ModelFixture.withShards(1);
  private final StreamTags tags = fixture.streams.control().tags();
  private final StreamPolicies policies = fixture.streams.control().policies();

  @Test
  void tagsAreReplacedByKeyAndRemovedByKey() {
    tags.add(STREAM, Map.of("team", "a", "stage", "test"));
    tags.add(STREAM, Map.of("team", "b", "größe @+-", ""));
    tags.remove(STREAM, List.of("stage", "unknown"));
    assertThat(tags.of(STREAM)).isEqualTo(Map.of("team", "b", "größe @+-", ""));
  }

  @Test
  void tagsAreFiftyAtMostAndAddedAllOrNone() {
    tags.add(STREAM, many(50));
    tags.add(STREAM, Map.of("key0", "other"));
    assertError(
        "InvalidArgumentException",
        "cannot have more than 50 tags",
        () -> tags.add(STREAM, Map.of("key0", "not this", "more", "")));
    assertThat(tags.of(STREAM)).hasSize(50).containsEntry("key0", "other");
    assertError(
        "InvalidArgumentException",
        "cannot have more than 50 tags",
        () -> fixture.streams.createStream(NewStream.provisioned("new", 1).withTags(many(51))));
    assertError("ResourceNotFoundException", "not found", () -> tags.of("new"));
  }

  @Test
  void tagsHaveLimitsOfLengthAndAlphabet() {
    assertError("ValidationException", "between 1 and 200", () -> tags.add(STREAM, many(201)));
    assertError("ValidationException", "between 1 and 200", () -> tags.add(STREAM, Map.of()));
    assertError(
        "ValidationException",
        "between 1 and 128",
        () -> tags.add(STREAM, Map.of("k".repeat(129), "")));
    assertError(
        "ValidationException",
        "less than or equal to 256",
        () -> tags.add(STREAM, Map.of("k", "v".repeat(257))));
    assertError(
        "InvalidArgumentException",
        "illegal characters",
        () -> tags.add(STREAM, Map.of("a*b", "")));
    assertError(
        "InvalidArgumentException", "illegal characters", () -> tags.remove(STREAM, List.of("*")));
    assertError(
        "InvalidArgumentException", "reserved", () -> tags.add(STREAM, Map.of("aws:a", "")));
    assertError("ValidationException", "between 1 and 50", () -> tags.remove(STREAM, List.of()));
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
    policies.put(STREAM, denying(action, principal));
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
    policies.put(STREAM, denying("*", "*"));
    as(new Call("owner", "DeleteResourcePolicy"), () -> {
      policies.delete(STREAM);
      return "done";
    });
    assertThat(policies.of(STREAM)).isNull();
    assertError(
        "ResourceNotFoundException", "No resource policy found", () -> policies.delete(STREAM));
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
