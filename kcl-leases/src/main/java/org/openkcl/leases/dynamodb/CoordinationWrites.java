package org.openkcl.leases.dynamodb;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.openkcl.leases.LeaderLock;
import org.openkcl.leases.LockWrite;
import org.openkcl.leases.Migration;
import org.openkcl.leases.MigrationWrite;
import org.openkcl.leases.WorkerRecord;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The conditional requests that concern items other than leases, under the conditions of Amazon's
 * library. Pure.
 *
 * @param keyName the table's partition key
 * @param mixed whether the table holds other kinds of items too, so that the kind has to be asked
 *     for
 */
record CoordinationWrites(String keyName, boolean mixed) {

  Map<String, AttributeValue> key(String key) {
    return Map.of(keyName, AttributeValue.fromS(key));
  }

  /** The request of a write that takes the lock; it replaces whatever stood there. */
  PutItemRequest.Builder acquisition(LockWrite write) {
    Expression request = new Expression();
    guard(request, write);
    LeaderLock mine = requireNonNull(write.intended());
    Map<String, AttributeValue> item = new HashMap<>(CoordinationItems.attributes(mine));
    item.putAll(key(CoordinationItems.LOCK_KEY));
    return request.put(item);
  }

  /** The request of a write that keeps the lock. */
  UpdateItemRequest.Builder heartbeat(LockWrite write) {
    Expression request = new Expression();
    guard(request, write);
    Map<String, AttributeValue> item =
        CoordinationItems.attributes(requireNonNull(write.intended()));
    for (String name : new String[] {Attributes.LOCK_DURATION, Attributes.LOCK_VERSION}) {
      request.set(name, requireNonNull(item.get(name)));
    }
    return request
        .update(key(CoordinationItems.LOCK_KEY))
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
  }

  /** The request of a write that deletes the lock. */
  DeleteItemRequest.Builder release(LockWrite write) {
    Expression request = new Expression();
    guard(request, write);
    return request
        .delete(key(CoordinationItems.LOCK_KEY))
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
  }

  /** The request of a migration's step. */
  UpdateItemRequest.Builder step(MigrationWrite write) {
    Migration.Subject subject = write.expected().subject();
    Expression request = new Expression();
    String key = CoordinationItems.keyOf(subject);
    request.expect(keyName, AttributeValue.fromS(key));
    request.expect(
        CoordinationItems.stateName(subject),
        AttributeValue.fromS(write.expected().state()));
    CoordinationItems.attributes(write.intended()).forEach(request::set);
    return request
        .update(key(key))
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
  }

  /** The request of a worker's item; refused where the key is some other item's. */
  UpdateItemRequest.Builder beat(WorkerRecord worker) {
    Expression request = new Expression();
    CoordinationItems.attributes(worker).forEach(request::set);
    if (mixed) {
      request.expectThat("attribute_not_exists("
          + request.name(keyName)
          + ") OR "
          + request.equal(Attributes.ENTITY_TYPE, AttributeValue.fromS(Attributes.WORKER)));
    }
    return request.update(key(worker.workerId()));
  }

  /** The request that removes a worker's item; refused where the item is not ours. */
  DeleteItemRequest.Builder farewell(String workerId) {
    Expression request = new Expression();
    expectWorker(request);
    request.expectPresent(Attributes.BEAT);
    return request.delete(key(workerId));
  }

  /** The request that removes a worker's item; refused where it was written again. */
  DeleteItemRequest.Builder cleanUp(String workerId, Instant writtenAt) {
    Expression request = new Expression();
    expectWorker(request);
    request.expect(
        Attributes.LAST_UPDATE, AttributeValue.fromN(Long.toString(writtenAt.getEpochSecond())));
    return request.delete(key(workerId));
  }

  private void expectWorker(Expression request) {
    if (mixed) {
      request.expect(Attributes.ENTITY_TYPE, AttributeValue.fromS(Attributes.WORKER));
    }
  }

  private void guard(Expression request, LockWrite write) {
    LeaderLock expected = write.expected();
    if (expected == null) {
      request.expectAbsent(keyName);
      return;
    }
    request.expectPresent(keyName);
    switch (write.guard()) {
      case RELEASED -> request.expect(Attributes.LOCK_RELEASED, AttributeValue.fromS("1"));
      case VERSION ->
        request.expect(Attributes.LOCK_VERSION, AttributeValue.fromS(expected.version()));
      case VERSION_AND_OWNER -> {
        request.expect(Attributes.LOCK_VERSION, AttributeValue.fromS(expected.version()));
        request.expect(Attributes.LOCK_OWNER, AttributeValue.fromS(expected.owner()));
      }
      case ABSENT -> throw new IllegalArgumentException("ABSENT expects no lock");
    }
  }
}
