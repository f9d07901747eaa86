package org.openkcl.leases.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.HashKeyRange;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseWrite;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.Progress;
import org.openkcl.leases.ShardFacts;
import org.openkcl.leases.WorkerRecord;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** The requests, letter by letter: the conditions are Amazon's. */
class ConditionalWriteTest {
  private static final CoordinationWrites IN_ONE_TABLE = new CoordinationWrites("leaseKey", true);
  private static final String COUNTER = "#leaseCounter = :was_leaseCounter";

  @Test
  void aCreationAsksThatThereBeNoItemAndSaysThatItIsALease() {
    PutItemRequest request =
        ConditionalWrite.creation(LeaseWrite.create(held("me", null))).build();

    assertThat(request.conditionExpression()).isEqualTo("attribute_not_exists(#leaseKey)");
    assertThat(request.item()).containsEntry("entityType", AttributeValue.fromS("LEASE"));
    assertThat(request.returnValuesOnConditionCheckFailure())
        .isEqualTo(ReturnValuesOnConditionCheckFailure.ALL_OLD);
  }

  @Test
  void aRenewalAsksForTheCounterAndThatNoHandoffHasBegun() {
    Lease held = held("me", null);
    UpdateItemRequest request = update(LeaseWrite.renew(held, held, "p"));

    assertThat(request.conditionExpression())
        .isEqualTo(COUNTER + " AND attribute_not_exists(#checkpointOwner)");
    assertThat(request.updateExpression()).isEqualTo("SET #leaseCounter = :leaseCounter");
    assertThat(request.expressionAttributeNames())
        .isEqualTo(Map.of("#leaseCounter", "leaseCounter", "#checkpointOwner", "checkpointOwner"));
    assertThat(request.expressionAttributeValues())
        .isEqualTo(Map.of(
            ":was_leaseCounter", AttributeValue.fromN("5"),
            ":leaseCounter", AttributeValue.fromN("6")));
    assertThat(request.returnValues()).isEqualTo(ReturnValue.ALL_NEW);
    assertThat(request.returnValuesOnConditionCheckFailure())
        .isEqualTo(ReturnValuesOnConditionCheckFailure.ALL_OLD);
  }

  @Test
  void aRenewalInAHandoffAsksForTheCounterAlone() {
    Lease held = held("next", "me");

    assertThat(update(LeaseWrite.renew(held, held, "p")).conditionExpression()).isEqualTo(COUNTER);
  }

  @Test
  void aClaimAsksForCounterAndBothOwners() {
    assertThat(update(LeaseWrite.claim(held(null, null), "me", "p")).conditionExpression())
        .isEqualTo(COUNTER
            + " AND attribute_not_exists(#leaseOwner) AND attribute_not_exists(#checkpointOwner)");
    assertThat(update(LeaseWrite.claim(held("a", "b"), "me", "p")).conditionExpression())
        .isEqualTo(COUNTER
            + " AND #leaseOwner = :was_leaseOwner AND #checkpointOwner = :was_checkpointOwner");
  }

  @Test
  void aClaimWritesItsOwnersAndEndsTheHandoff() {
    assertThat(update(LeaseWrite.claim(held("a", "b"), "c", "q")).updateExpression())
        .isEqualTo("SET #leaseCounter = :leaseCounter, #leaseOwner = :leaseOwner,"
            + " #openkclWriter = :openkclWriter,"
            + " #ownerSwitchesSinceCheckpoint = :ownerSwitchesSinceCheckpoint"
            + " REMOVE #checkpointOwner");
  }

  @Test
  void aLeadersWritesAskForBothOwnersAndTheItemAndMoveTheCounterOnFromWhereItStands() {
    String owned = "#leaseOwner = :was_leaseOwner AND attribute_not_exists(#checkpointOwner)"
        + " AND #leaseKey = :was_leaseKey";
    UpdateItemRequest assign = update(LeaseWrite.assign(held("a", null), "b"));
    UpdateItemRequest handOff = update(LeaseWrite.handOff(held("a", null), "b"));
    UpdateItemRequest evict = update(LeaseWrite.evict(held("a", null)));

    assertThat(assign.conditionExpression()).isEqualTo(owned);
    assertThat(assign.updateExpression())
        .isEqualTo("SET #leaseOwner = :leaseOwner REMOVE #openkclWriter"
            + " ADD #leaseCounter :more_leaseCounter,"
            + " #ownerSwitchesSinceCheckpoint :more_ownerSwitchesSinceCheckpoint");
    assertThat(handOff.conditionExpression()).isEqualTo(owned);
    assertThat(handOff.updateExpression())
        .isEqualTo("SET #checkpointOwner = :checkpointOwner, #leaseOwner = :leaseOwner");
    assertThat(evict.conditionExpression()).isEqualTo(owned);
    assertThat(evict.updateExpression())
        .isEqualTo("REMOVE #leaseOwner, #openkclWriter ADD #leaseCounter :more_leaseCounter");
    assertThat(update(LeaseWrite.assign(held(null, null), "b")).conditionExpression())
        .isEqualTo("attribute_not_exists(#leaseOwner) AND attribute_not_exists(#checkpointOwner)"
            + " AND #leaseKey = :was_leaseKey");
  }

  @Test
  void aReleaseToNobodyRemovesTheOwner() {
    Lease held = held("me", null);

    assertThat(update(LeaseWrite.release(held, held, null, null)).updateExpression())
        .isEqualTo("SET #leaseCounter = :leaseCounter REMOVE #leaseOwner, #openkclWriter");
  }

  @Test
  void whatBelongsTogetherIsWrittenTogether() {
    Lease held = held("me", null);
    Progress.Pending pending = new Progress.Pending(Checkpoint.at("9"), null);
    Progress progress = new Progress(Checkpoint.at("8"), pending);
    ShardFacts shard = new ShardFacts(Set.of(), Set.of(), HashKeyRange.of("0", "9"), null, null);
    Lease next = new Lease(held.key(), held.ownership(), progress, shard);

    assertThat(update(LeaseWrite.renew(held, next, "p")).updateExpression())
        .isEqualTo("SET #checkpoint = :checkpoint,"
            + " #checkpointSubSequenceNumber = :checkpointSubSequenceNumber,"
            + " #endingHashKey = :endingHashKey, #leaseCounter = :leaseCounter,"
            + " #pendingCheckpoint = :pendingCheckpoint,"
            + " #pendingCheckpointSubSequenceNumber = :pendingCheckpointSubSequenceNumber,"
            + " #startingHashKey = :startingHashKey"
            + " REMOVE #pendingCheckpointState");
  }

  @Test
  void aWorkersSignOfLifeAsksForAFreeKeyOrAWorkersAndNamesNoOwner() {
    UpdateItemRequest request =
        IN_ONE_TABLE.beat(new WorkerRecord("me", 1, false, Instant.EPOCH)).build();

    assertThat(request.conditionExpression())
        .isEqualTo("attribute_not_exists(#leaseKey) OR #entityType = :was_entityType");
    assertThat(request.updateExpression()).doesNotContain("leaseOwner");
  }

  @Test
  void deletionsAskForTheRightKindOfItem() {
    DeleteItemRequest lease = ConditionalWrite.deletion("shardId-0").build();
    DeleteItemRequest worker = IN_ONE_TABLE.farewell("me").build();

    assertThat(lease.conditionExpression())
        .isEqualTo("NOT (#entityType IN (:other0, :other1, :other2, :other3, :other4))");
    assertThat(worker.conditionExpression())
        .isEqualTo("#entityType = :was_entityType AND attribute_exists(#openkclBeat)");
  }

  private static UpdateItemRequest update(LeaseWrite write) {
    return ConditionalWrite.update(write).build();
  }

  private static Lease held(@Nullable String owner, @Nullable String checkpointOwner) {
    return new Lease(
        new LeaseKey("shardId-0"),
        new Ownership(owner, checkpointOwner, 5, 0, "p"),
        Progress.at(Checkpoint.TRIM_HORIZON),
        ShardFacts.NONE);
  }
}
