package org.openkcl.leases.dynamodb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.LeaseWrite;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.WorkerRecord;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The conditional requests of the table, built once and used up. Pure: it only puts expressions
 * together.
 *
 * <p>The conditions are those of Amazon's library in today's expression language, so that whoever
 * loses a race there loses it here. Every condition but the one of a creation names the counter, so
 * it fails on an item that is gone.
 */
final class ConditionalWrite {
  /** Attributes that mean something only together: one differs, all are written. */
  private static final List<List<String>> GROUPS = List.of(
      List.of(Attributes.CHECKPOINT, Attributes.CHECKPOINT_SUB),
      List.of(Attributes.PENDING, Attributes.PENDING_SUB, Attributes.PENDING_STATE),
      List.of(Attributes.STARTING_HASH_KEY, Attributes.ENDING_HASH_KEY),
      List.of(Attributes.STREAM_NAME, Attributes.SHARD_ID));

  private final Map<String, String> names = new HashMap<>();
  private final Map<String, AttributeValue> values = new HashMap<>();
  private final List<String> conditions = new ArrayList<>();
  private final List<String> sets = new ArrayList<>();
  private final List<String> removals = new ArrayList<>();

  private ConditionalWrite() {}

  /** The request of a write that creates a lease. */
  static PutItemRequest.Builder creation(LeaseWrite write) {
    return PutItemRequest.builder()
        .item(LeaseItems.newItem(write.intended()))
        .conditionExpression("attribute_not_exists(#leaseKey)")
        .expressionAttributeNames(Map.of("#leaseKey", Attributes.LEASE_KEY))
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
  }

  /** The request of a write that changes a lease. Only what differs is in it. */
  static UpdateItemRequest.Builder update(LeaseWrite write) {
    ConditionalWrite request = new ConditionalWrite();
    request.guard(write.guard(), write.expected().ownership());
    request.difference(
        LeaseItems.attributes(write.expected()), LeaseItems.attributes(write.intended()));
    return request
        .update(write.key().value())
        .returnValues(ReturnValue.ALL_NEW)
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
  }

  /** The request of a worker's sign of life; refused where the key is some other item's. */
  static UpdateItemRequest.Builder beat(WorkerRecord worker) {
    ConditionalWrite request = new ConditionalWrite();
    LeaseItems.attributes(worker).forEach(request::set);
    request.conditions.add("attribute_not_exists("
        + request.name(Attributes.LEASE_KEY)
        + ") OR "
        + request.equal(Attributes.ENTITY_TYPE, AttributeValue.fromS(Attributes.WORKER)));
    return request.update(worker.workerId());
  }

  /** The request that deletes a lease; refused where the key is some other item's. */
  static DeleteItemRequest.Builder deletion(String leaseKey) {
    ConditionalWrite request = new ConditionalWrite();
    List<String> others = new ArrayList<>();
    for (String entityType : new TreeSet<>(Attributes.OTHER_ENTITIES)) {
      others.add(request.value("other" + others.size(), AttributeValue.fromS(entityType)));
    }
    String type = request.name(Attributes.ENTITY_TYPE);
    request.conditions.add("NOT (" + type + " IN (" + String.join(", ", others) + "))");
    return request.delete(leaseKey);
  }

  /** The request that removes a worker's sign of life; refused where the item is not ours. */
  static DeleteItemRequest.Builder farewell(String workerId) {
    ConditionalWrite request = new ConditionalWrite();
    request.expect(Attributes.ENTITY_TYPE, AttributeValue.fromS(Attributes.WORKER));
    request.conditions.add("attribute_exists(" + request.name(Attributes.BEAT) + ")");
    return request.delete(workerId);
  }

  private void guard(LeaseWrite.Guard guard, Ownership expected) {
    expect(Attributes.COUNTER, AttributeValue.fromN(Long.toString(expected.counter())));
    switch (guard) {
      case COUNTER -> {}
      case COUNTER_AND_NO_HANDOFF -> expect(Attributes.CHECKPOINT_OWNER, null);
      case COUNTER_AND_OWNERS -> {
        expect(Attributes.OWNER, textOrNull(expected.owner()));
        expect(Attributes.CHECKPOINT_OWNER, textOrNull(expected.checkpointOwner()));
      }
      case ABSENT -> throw new IllegalArgumentException("ABSENT guards a creation, not an update");
    }
  }

  private void difference(
      Map<String, AttributeValue> expected, Map<String, AttributeValue> intended) {
    TreeSet<String> changed = new TreeSet<>();
    TreeSet<String> all = new TreeSet<>(expected.keySet());
    all.addAll(intended.keySet());
    for (String name : all) {
      if (!Objects.equals(expected.get(name), intended.get(name))) {
        changed.add(name);
      }
    }
    for (List<String> group : GROUPS) {
      if (group.stream().anyMatch(changed::contains)) {
        changed.addAll(group);
      }
    }
    for (String name : changed) {
      AttributeValue value = intended.get(name);
      if (value == null) {
        removals.add(name(name));
      } else {
        set(name, value);
      }
    }
  }

  private void expect(String name, @Nullable AttributeValue value) {
    conditions.add(value == null ? "attribute_not_exists(" + name(name) + ")" : equal(name, value));
  }

  private String equal(String name, AttributeValue value) {
    return name(name) + " = " + value("was_" + name, value);
  }

  private void set(String name, AttributeValue value) {
    sets.add(name(name) + " = " + value(name, value));
  }

  private String name(String name) {
    names.put("#" + name, name);
    return "#" + name;
  }

  private String value(String placeholder, AttributeValue value) {
    values.put(":" + placeholder, value);
    return ":" + placeholder;
  }

  private UpdateItemRequest.Builder update(String key) {
    List<String> clauses = new ArrayList<>();
    if (!sets.isEmpty()) {
      clauses.add("SET " + String.join(", ", sets));
    }
    if (!removals.isEmpty()) {
      clauses.add("REMOVE " + String.join(", ", removals));
    }
    return UpdateItemRequest.builder()
        .key(LeaseItems.key(key))
        .updateExpression(clauses.isEmpty() ? null : String.join(" ", clauses))
        .conditionExpression(String.join(" AND ", conditions))
        .expressionAttributeNames(names)
        .expressionAttributeValues(values);
  }

  private DeleteItemRequest.Builder delete(String key) {
    return DeleteItemRequest.builder()
        .key(LeaseItems.key(key))
        .conditionExpression(String.join(" AND ", conditions))
        .expressionAttributeNames(names)
        .expressionAttributeValues(values);
  }

  private static @Nullable AttributeValue textOrNull(@Nullable String text) {
    return text == null ? null : AttributeValue.fromS(text);
  }
}
