package org.openkcl.leases.dynamodb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The conditions and changes of one request while it is put together; used once. Names stand for
 * themselves behind {@code #}, new values behind {@code :}, expected ones behind {@code :was_}.
 */
final class Expression {
  private final Map<String, String> names = new HashMap<>();
  private final Map<String, AttributeValue> values = new HashMap<>();
  private final List<String> conditions = new ArrayList<>();
  private final List<String> sets = new ArrayList<>();
  private final List<String> removals = new ArrayList<>();
  private final List<String> additions = new ArrayList<>();

  /** The attribute has this value, or is absent when that is null. */
  void expect(String name, @Nullable AttributeValue value) {
    if (value == null) {
      expectAbsent(name);
    } else {
      conditions.add(equal(name, value));
    }
  }

  void expectAbsent(String name) {
    conditions.add("attribute_not_exists(" + name(name) + ")");
  }

  void expectPresent(String name) {
    conditions.add("attribute_exists(" + name(name) + ")");
  }

  /** A condition in DynamoDB's own words. */
  void expectThat(String condition) {
    conditions.add(condition);
  }

  void set(String name, AttributeValue value) {
    sets.add(name(name) + " = " + value(name, value));
  }

  void remove(String name) {
    removals.add(name(name));
  }

  /** Moves a number on from where it stands. */
  void add(String name, long difference) {
    additions.add(
        name(name) + " " + value("more_" + name, AttributeValue.fromN(Long.toString(difference))));
  }

  String equal(String name, AttributeValue value) {
    return name(name) + " = " + value("was_" + name, value);
  }

  String name(String name) {
    names.put("#" + name, name);
    return "#" + name;
  }

  String value(String placeholder, AttributeValue value) {
    values.put(":" + placeholder, value);
    return ":" + placeholder;
  }

  UpdateItemRequest.Builder update(Map<String, AttributeValue> key) {
    List<String> clauses = new ArrayList<>();
    clause(clauses, "SET ", sets);
    clause(clauses, "REMOVE ", removals);
    clause(clauses, "ADD ", additions);
    return UpdateItemRequest.builder()
        .key(key)
        .updateExpression(clauses.isEmpty() ? null : String.join(" ", clauses))
        .conditionExpression(condition())
        .expressionAttributeNames(names)
        .expressionAttributeValues(valuesOrNone());
  }

  PutItemRequest.Builder put(Map<String, AttributeValue> item) {
    return PutItemRequest.builder()
        .item(item)
        .conditionExpression(condition())
        .expressionAttributeNames(names)
        .expressionAttributeValues(valuesOrNone())
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
  }

  DeleteItemRequest.Builder delete(Map<String, AttributeValue> key) {
    return DeleteItemRequest.builder()
        .key(key)
        .conditionExpression(condition())
        .expressionAttributeNames(names)
        .expressionAttributeValues(valuesOrNone());
  }

  private static void clause(List<String> clauses, String verb, List<String> parts) {
    if (!parts.isEmpty()) {
      clauses.add(verb + String.join(", ", parts));
    }
  }

  private @Nullable String condition() {
    return conditions.isEmpty() ? null : String.join(" AND ", conditions);
  }

  /** An empty map of values is refused by the service. */
  private @Nullable Map<String, AttributeValue> valuesOrNone() {
    return values.isEmpty() ? null : values;
  }
}
