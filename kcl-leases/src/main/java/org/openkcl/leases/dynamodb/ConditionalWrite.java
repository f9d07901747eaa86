package org.openkcl.leases.dynamodb;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseWrite;
import org.openkcl.leases.Ownership;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The conditional requests that concern leases. Pure: it only puts expressions together.
 *
 * <p>The conditions are those of Amazon's library in today's expression language, so that whoever
 * loses a race there loses it here. Every condition but the one of a creation fails on an item that
 * is gone.
 */
final class ConditionalWrite {
  /** Attributes that mean something only together: one differs, all are written. */
  private static final List<List<String>> GROUPS = List.of(
      List.of(Attributes.CHECKPOINT, Attributes.CHECKPOINT_SUB),
      List.of(Attributes.PENDING, Attributes.PENDING_SUB, Attributes.PENDING_STATE),
      List.of(Attributes.STARTING_HASH_KEY, Attributes.ENDING_HASH_KEY),
      List.of(Attributes.STREAM_NAME, Attributes.SHARD_ID));

  private ConditionalWrite() {}

  /** The request of a write that creates a lease. */
  static PutItemRequest.Builder creation(LeaseWrite write) {
    Expression request = new Expression();
    request.expectAbsent(Attributes.LEASE_KEY);
    return request.put(LeaseItems.newItem(write.intended()));
  }

  /** The request of a write that changes a lease. Only what differs is in it. */
  static UpdateItemRequest.Builder update(LeaseWrite write) {
    Expression request = new Expression();
    guard(request, write.guard(), write.expected());
    change(request, write);
    return request
        .update(LeaseItems.key(write.key().value()))
        .returnValues(ReturnValue.ALL_NEW)
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
  }

  /** The request that deletes a lease; refused where the key is some other item's. */
  static DeleteItemRequest.Builder deletion(String leaseKey) {
    Expression request = new Expression();
    List<String> others = new ArrayList<>();
    for (String entityType : new TreeSet<>(Attributes.OTHER_ENTITIES)) {
      others.add(request.value("other" + others.size(), AttributeValue.fromS(entityType)));
    }
    request.expectThat("NOT ("
        + request.name(Attributes.ENTITY_TYPE)
        + " IN ("
        + String.join(", ", others)
        + "))");
    return request.delete(LeaseItems.key(leaseKey));
  }

  private static void guard(Expression request, LeaseWrite.Guard guard, Lease seen) {
    Ownership expected = seen.ownership();
    switch (guard) {
      case COUNTER -> expectCounter(request, expected);
      case COUNTER_AND_NO_HANDOFF -> {
        expectCounter(request, expected);
        request.expectAbsent(Attributes.CHECKPOINT_OWNER);
      }
      case COUNTER_AND_OWNERS -> {
        expectCounter(request, expected);
        expectOwners(request, expected);
      }
      case OWNERS -> {
        expectOwners(request, expected);
        request.expect(Attributes.LEASE_KEY, AttributeValue.fromS(seen.key().value()));
      }
      case EXISTS ->
        request.expect(Attributes.LEASE_KEY, AttributeValue.fromS(seen.key().value()));
      case ABSENT -> throw new IllegalArgumentException("ABSENT guards a creation, not an update");
    }
  }

  private static void expectCounter(Expression request, Ownership expected) {
    request.expect(Attributes.COUNTER, AttributeValue.fromN(Long.toString(expected.counter())));
  }

  private static void expectOwners(Expression request, Ownership expected) {
    request.expect(Attributes.OWNER, textOrNull(expected.owner()));
    request.expect(Attributes.CHECKPOINT_OWNER, textOrNull(expected.checkpointOwner()));
  }

  private static void change(Expression request, LeaseWrite write) {
    Map<String, AttributeValue> expected = LeaseItems.attributes(write.expected());
    Map<String, AttributeValue> intended = LeaseItems.attributes(write.intended());
    Set<String> changed = difference(expected, intended);
    if (write.guard() == LeaseWrite.Guard.OWNERS) {
      moveOn(request, write, changed);
    }
    for (String name : changed) {
      AttributeValue value = intended.get(name);
      if (value == null) {
        request.remove(name);
      } else {
        request.set(name, value);
      }
    }
  }

  /**
   * Where the counter is not expected, numbers are moved on from where they stand; and whoever takes
   * the lease away ends its writer, also one that came since the item was read.
   */
  private static void moveOn(Expression request, LeaseWrite write, Set<String> changed) {
    Ownership from = write.expected().ownership();
    Ownership to = write.intended().ownership();
    if (changed.remove(Attributes.COUNTER)) {
      request.add(Attributes.COUNTER, to.counter() - from.counter());
      changed.add(Attributes.WRITER);
    }
    if (changed.remove(Attributes.SWITCHES)) {
      request.add(
          Attributes.SWITCHES, to.switchesSinceCheckpoint() - from.switchesSinceCheckpoint());
    }
  }

  private static Set<String> difference(
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
    return changed;
  }

  private static @Nullable AttributeValue textOrNull(@Nullable String text) {
    return text == null ? null : AttributeValue.fromS(text);
  }
}
