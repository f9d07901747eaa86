package org.openkcl.leases;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.LeaseTableException.Kind;
import org.openkcl.leases.memory.InMemoryLeaseTable;

/** What every {@link LeaseTable} does; each adapter's test extends it. */
public abstract class LeaseTableContract {
  private static final LeaseKey KEY = new LeaseKey("shardId-000000000007");
  private static final String ME = "worker-a";
  private static final String OTHER = "worker-b";
  private static final String MY_PROCESS = "process-a";
  private static final String OTHER_PROCESS = "process-b";
  private static final Checkpoint AT_10 = Checkpoint.at("10");
  private static final Checkpoint AT_20 = new Checkpoint("20", 3);

  private LeaseTable table = new InMemoryLeaseTable("unset");

  /** A table that is empty and usable. */
  protected abstract LeaseTable newTable();

  /** Puts a lease there as somebody else might, whatever stands there. */
  protected abstract void putAsIs(LeaseTable table, Lease lease);

  /** Puts a lease there that has no counter. */
  protected abstract void putWithoutCounter(LeaseTable table, LeaseKey key);

  @BeforeEach
  void startWithAnEmptyTable() {
    table = newTable();
    assertThat(answer(table.scan()).leases()).isEmpty();
  }

  // Creating

  @Test
  void aCreatedLeaseIsReadAsItWasWritten() {
    Lease full = new Lease(
        new LeaseKey("123456789012:orders:1700000000:shardId-000000000003"),
        new Ownership(ME, OTHER, 1_795_481_645_664L, 4, MY_PROCESS),
        new Progress(
            AT_20,
            new Progress.Pending(
                new Checkpoint("30", 1), ByteBuffer.wrap("state".getBytes(UTF_8)))),
        new ShardFacts(
            Set.of("shardId-000000000000", "shardId-000000000001"),
            Set.of("shardId-000000000008"),
            new HashKeyRange(HashKeyRange.MAX.shiftRight(1), HashKeyRange.MAX),
            Instant.ofEpochMilli(1_795_481_645_664L),
            new ShardFacts.StreamShard("123456789012:orders:1700000000", "shardId-000000000003"),
            Instant.ofEpochSecond(1_700_000_000L)),
        12.345678);

    assertThat(written(LeaseWrite.create(full))).isEqualTo(full);
    assertThat(row(full.key())).isEqualTo(full);
    assertThat(answer(table.scan()).leases()).containsExactly(full);
  }

  @Test
  void creatingTwiceLosesToTheFirst() {
    Lease first = created(ownedBy(ME, MY_PROCESS, 5));
    Lease second = ownedBy(OTHER, OTHER_PROCESS, 6);

    assertThat(lost(LeaseWrite.create(second))).contains(first);
    assertThat(row(KEY)).isEqualTo(first);
  }

  @Test
  void creatingWhatIAlreadyCreatedIsRecognisedAsMine() {
    LeaseWrite creation = LeaseWrite.create(ownedBy(ME, MY_PROCESS, 5));
    Lease created = written(creation);

    assertThat(lost(creation)).contains(created).hasValueSatisfying(mine(creation));
  }

  // Renewing and checkpointing

  @Test
  void aRenewalMovesTheCounter() {
    Lease held = created(ownedBy(ME, MY_PROCESS, 5));

    Lease renewed = written(LeaseWrite.renew(held, held, MY_PROCESS));

    assertThat(renewed.counter()).isEqualTo(6);
    assertThat(row(KEY)).isEqualTo(renewed);
  }

  @Test
  void ofTwoRenewalsWithOneCounterOneIsWrittenAndTheOtherSeesIt() {
    Lease seen = created(ownedBy(ME, MY_PROCESS, 5));

    Lease winner = written(LeaseWrite.renew(seen, at(seen, AT_10), MY_PROCESS));
    LeaseWrite late = LeaseWrite.renew(seen, at(seen, AT_20), OTHER_PROCESS);

    assertThat(lost(late)).contains(winner).hasValueSatisfying(notMine(late));
    assertThat(row(KEY)).isEqualTo(winner);
  }

  @Test
  void aRenewalGivenAgainAfterALostReplyFindsItsOwnEffect() {
    Lease held = created(ownedBy(ME, MY_PROCESS, 5));
    LeaseWrite renewal = LeaseWrite.renew(held, at(held, AT_10), MY_PROCESS);
    Lease renewed = written(renewal);

    assertThat(lost(renewal)).contains(renewed).hasValueSatisfying(mine(renewal));
  }

  @Test
  void aNamesakesEqualRenewalIsNotTakenForMine() {
    Lease held = created(ownedBy(ME, MY_PROCESS, 5));
    Lease namesakes = written(LeaseWrite.renew(held, held, OTHER_PROCESS));
    LeaseWrite mine = LeaseWrite.renew(held, held, MY_PROCESS);

    assertThat(lost(mine)).contains(namesakes).hasValueSatisfying(notMine(mine));
  }

  @Test
  void aStaleCounterLoses() {
    Lease held = created(ownedBy(ME, MY_PROCESS, 5));
    Lease ahead =
        new Lease(KEY, new Ownership(ME, null, 9, 0, MY_PROCESS), held.progress(), held.shard());

    assertThat(lost(LeaseWrite.renew(ahead, ahead, MY_PROCESS))).contains(held);
  }

  @Test
  void aHandoffThatBeganIsSeenAtTheNextRenewalThoughTheCounterStoodStill() {
    Lease held = created(ownedBy(ME, MY_PROCESS, 5));
    Lease inHandoff = owners(held, OTHER, ME);
    putAsIs(table, inHandoff);

    assertThat(lost(LeaseWrite.renew(held, held, MY_PROCESS))).contains(inHandoff);

    Lease renewed = written(LeaseWrite.renew(inHandoff, at(inHandoff, AT_10), MY_PROCESS));
    assertThat(renewed.owner()).isEqualTo(OTHER);
    assertThat(renewed.ownership().checkpointOwner()).isEqualTo(ME);
    assertThat(row(KEY)).isEqualTo(renewed);
  }

  @Test
  void aCheckpointIsStoredWithItsSubSequenceNumberAndEndsTheCountOfSwitches() {
    Lease held = created(ownedBy(ME, MY_PROCESS, 5));
    Lease taken = written(LeaseWrite.claim(held, OTHER, OTHER_PROCESS));
    assertThat(taken.ownership().switchesSinceCheckpoint()).isEqualTo(1);

    Lease checkpointed = written(LeaseWrite.renew(taken, at(taken, AT_20), OTHER_PROCESS));

    assertThat(row(KEY)).isEqualTo(checkpointed);
    assertThat(checkpointed.checkpoint()).isEqualTo(AT_20);
    assertThat(checkpointed.ownership().switchesSinceCheckpoint()).isZero();
  }

  @Test
  void aPendingCheckpointIsStoredWithItsBytesAndRemovedWithThem() {
    Lease held = created(ownedBy(ME, MY_PROCESS, 5));
    ByteBuffer state = ByteBuffer.wrap(new byte[] {0, 1, -1});

    Lease prepared = written(LeaseWrite.renew(
        held, progress(held, new Progress(AT_10, new Progress.Pending(AT_20, state))), MY_PROCESS));
    assertThat(row(KEY).progress()).isEqualTo(prepared.progress());
    assertThat(prepared.progress().pending()).isEqualTo(new Progress.Pending(AT_20, state));

    Lease withoutBytes = written(LeaseWrite.renew(
        prepared,
        progress(prepared, new Progress(AT_10, new Progress.Pending(AT_20, null))),
        MY_PROCESS));
    assertThat(row(KEY)).isEqualTo(withoutBytes);

    Lease committed = written(LeaseWrite.renew(withoutBytes, at(withoutBytes, AT_20), MY_PROCESS));
    assertThat(row(KEY)).isEqualTo(committed);
    assertThat(committed.progress()).isEqualTo(Progress.at(AT_20));
  }

  @Test
  void emptyPendingBytesAreKeptApartFromNone() {
    Lease held = created(ownedBy(ME, MY_PROCESS, 5));
    Progress pending = new Progress(AT_10, new Progress.Pending(AT_20, ByteBuffer.allocate(0)));

    Lease written = written(LeaseWrite.renew(held, progress(held, pending), MY_PROCESS));

    assertThat(written.progress()).isEqualTo(pending);
    assertThat(row(KEY).progress()).isEqualTo(pending);
  }

  @Test
  void theShardsEndIsStoredWithItsChildren() {
    Lease held = created(ownedBy(ME, MY_PROCESS, 5));
    Set<String> children = Set.of("shardId-000000000008", "shardId-000000000009");
    Lease ended = new Lease(
        KEY,
        held.ownership(),
        Progress.at(Checkpoint.SHARD_END),
        held.shard().withChildren(children));

    written(LeaseWrite.renew(held, ended, MY_PROCESS));

    assertThat(row(KEY).isFinished()).isTrue();
    assertThat(row(KEY).shard().childShardIds()).isEqualTo(children);
  }

  @Test
  void lagIsStoredAndRemoved() {
    Lease held = created(ownedBy(ME, MY_PROCESS, 5));
    Lease behind = written(LeaseWrite.renew(held, lag(held, 3_600L), MY_PROCESS));
    assertThat(row(KEY).lagSeconds()).isEqualTo(3_600);
    Lease told = written(LeaseWrite.describe(behind, behind.shard()));
    assertThat(told.lagSeconds()).isEqualTo(3_600);
    written(LeaseWrite.renew(told, lag(told, null), MY_PROCESS));
    assertThat(row(KEY).lagSeconds()).isNull();
  }

  @Test
  void throughputIsStoredAndRemoved() {
    Lease held = created(ownedBy(ME, MY_PROCESS, 5));

    Lease measured = written(LeaseWrite.renew(held, throughput(held, 0.012251), MY_PROCESS));
    assertThat(row(KEY).throughputKBps()).isEqualTo(0.012251);

    written(LeaseWrite.renew(measured, throughput(measured, null), MY_PROCESS));
    assertThat(row(KEY).throughputKBps()).isNull();
  }

  @Test
  void aWriteLeavesAloneWhatItDoesNotChange() {
    Lease held = created(ownedBy(ME, MY_PROCESS, 5));
    Set<String> children = Set.of("shardId-000000000008");
    Lease withChildren =
        new Lease(KEY, held.ownership(), held.progress(), held.shard().withChildren(children), 1.5);
    putAsIs(table, withChildren);

    Lease renewed = written(LeaseWrite.renew(held, at(held, AT_20), MY_PROCESS));

    assertThat(renewed.shard().childShardIds()).isEqualTo(children);
    assertThat(renewed.throughputKBps()).isEqualTo(1.5);
    assertThat(row(KEY)).isEqualTo(renewed);
  }

  // Claiming and releasing

  @Test
  void anUnownedLeaseIsClaimed() {
    Lease free = created(unowned(5));

    Lease claimed = written(LeaseWrite.claim(free, ME, MY_PROCESS));

    assertThat(claimed.ownership()).isEqualTo(new Ownership(ME, null, 6, 0, MY_PROCESS));
    assertThat(row(KEY)).isEqualTo(claimed);
  }

  @Test
  void aClaimIsRefusedWhenTheOwnerChangedThoughTheCounterDidNot() {
    Lease seen = created(ownedBy(ME, MY_PROCESS, 5));
    Lease assigned = owners(seen, "worker-c", null);
    putAsIs(table, assigned);

    assertThat(lost(LeaseWrite.claim(seen, OTHER, OTHER_PROCESS))).contains(assigned);
  }

  @Test
  void aClaimIsRefusedWhenAHandoffBeganThoughTheCounterDidNot() {
    Lease seen = created(ownedBy(ME, MY_PROCESS, 5));
    Lease inHandoff = owners(seen, ME, "worker-c");
    putAsIs(table, inHandoff);

    assertThat(lost(LeaseWrite.claim(seen, OTHER, OTHER_PROCESS))).contains(inHandoff);
  }

  @Test
  void aClaimOfAnUnownedLeaseIsRefusedWhenItHasGotAnOwnerThoughTheCounterDidNotMove() {
    Lease seen = created(unowned(5));
    Lease assigned = owners(seen, "worker-c", null);
    putAsIs(table, assigned);

    assertThat(lost(LeaseWrite.claim(seen, OTHER, OTHER_PROCESS))).contains(assigned);
  }

  @Test
  void aClaimEndsAHandoffWhoseOwnersItHasSeen() {
    Lease inHandoff = owners(ownedBy(ME, MY_PROCESS, 5), OTHER, ME);
    putAsIs(table, inHandoff);

    Lease claimed = written(LeaseWrite.claim(inHandoff, OTHER, OTHER_PROCESS));

    assertThat(claimed.ownership()).isEqualTo(new Ownership(OTHER, null, 6, 1, OTHER_PROCESS));
    assertThat(row(KEY)).isEqualTo(claimed);
  }

  @Test
  void ofTwoClaimsOneIsWrittenAndTheOtherSeesTheWinner() {
    Lease free = created(unowned(5));

    Lease winner = written(LeaseWrite.claim(free, ME, MY_PROCESS));

    assertThat(lost(LeaseWrite.claim(free, OTHER, OTHER_PROCESS))).contains(winner);
  }

  @Test
  void aReleaseHandsTheLeaseAndItsLastProgressToTheSuccessor() {
    Lease held = created(ownedBy(ME, MY_PROCESS, 5));

    Lease released = written(LeaseWrite.release(held, at(held, AT_20), OTHER, null));

    assertThat(row(KEY)).isEqualTo(released);
    assertThat(released.owner()).isEqualTo(OTHER);
    assertThat(released.counter()).isEqualTo(6);
    assertThat(released.checkpoint()).isEqualTo(AT_20);
    assertThat(released.ownership().switchesSinceCheckpoint()).isEqualTo(1);
  }

  @Test
  void aReleaseToNobodyRemovesTheOwner() {
    Lease held = created(ownedBy(ME, MY_PROCESS, 5));

    Lease released = written(LeaseWrite.release(held, held, null, null));

    assertThat(row(KEY)).isEqualTo(released);
    assertThat(released.owner()).isNull();
    assertThat(lost(LeaseWrite.renew(held, held, MY_PROCESS))).contains(released);
  }

  // Leaders and handoffs, as Amazon's leader writes them

  @Test
  void anAssignmentNeedsBothOwnersAsSeenAndNotTheCounter() {
    Lease seen = created(ownedBy(ME, MY_PROCESS, 5));
    Lease renewed = written(LeaseWrite.renew(seen, at(seen, AT_10), MY_PROCESS));

    Lease assigned = written(LeaseWrite.assign(seen, OTHER));

    assertThat(assigned.ownership()).isEqualTo(new Ownership(OTHER, null, 7, 1, null));
    assertThat(assigned.progress()).isEqualTo(renewed.progress());
    assertThat(row(KEY)).isEqualTo(assigned);
    assertThat(lost(LeaseWrite.renew(renewed, renewed, MY_PROCESS))).contains(assigned);
  }

  @Test
  void ofTwoAssignmentsByTwoWhoThinkTheyLeadOneIsWritten() {
    Lease seen = created(unowned(5));

    Lease first = written(LeaseWrite.assign(seen, ME));
    LeaseWrite second = LeaseWrite.assign(seen, OTHER);

    assertThat(first.ownership()).isEqualTo(new Ownership(ME, null, 6, 0, null));
    assertThat(lost(second)).contains(first).hasValueSatisfying(notMine(second));
  }

  @Test
  void anAssignmentGivenAgainAfterALostReplyFindsItsOwnEffectThoughTheNewOwnerHasRenewed() {
    Lease seen = created(unowned(5));
    LeaseWrite assignment = LeaseWrite.assign(seen, OTHER);
    Lease assigned = written(assignment);
    Lease claimed = written(LeaseWrite.claim(assigned, OTHER, OTHER_PROCESS));

    assertThat(lost(assignment)).contains(claimed).hasValueSatisfying(mine(assignment));
  }

  @Test
  void anAssignmentEndsAWriterThatCameSinceTheLeaseWasSeen() {
    Lease assigned = created(ownedBy(ME, null, 5));
    Lease claimed = written(LeaseWrite.claim(assigned, ME, MY_PROCESS));
    assertThat(claimed.ownership().writer()).isEqualTo(MY_PROCESS);

    assertThat(written(LeaseWrite.assign(assigned, OTHER)).ownership().writer()).isNull();
  }

  @Test
  void anAssignmentOfWhatIsGoneLosesToNothing() {
    assertThat(lost(LeaseWrite.assign(unowned(5), OTHER))).isEmpty();
    assertThat(answer(table.scan()).leases()).isEmpty();
  }

  @Test
  void aHandoffNamesTheNextOwnerAndLeavesCounterAndWriterAlone() {
    Lease seen = created(ownedBy(ME, MY_PROCESS, 5));
    Lease renewed = written(LeaseWrite.renew(seen, at(seen, AT_10), MY_PROCESS));

    Lease inHandoff = written(LeaseWrite.handOff(seen, OTHER));

    assertThat(inHandoff.ownership()).isEqualTo(new Ownership(OTHER, ME, 6, 0, MY_PROCESS));
    assertThat(inHandoff.progress()).isEqualTo(renewed.progress());
    assertThat(row(KEY)).isEqualTo(inHandoff);
  }

  @Test
  void aHandoffIsRefusedWhenOneHasBegunOrTheOwnerHasChanged() {
    Lease seen = created(ownedBy(ME, MY_PROCESS, 5));
    Lease inHandoff = written(LeaseWrite.handOff(seen, OTHER));
    LeaseWrite again = LeaseWrite.handOff(seen, "worker-c");

    assertThat(lost(again)).contains(inHandoff).hasValueSatisfying(notMine(again));
    assertThat(lost(LeaseWrite.handOff(seen, OTHER)))
        .hasValueSatisfying(mine(LeaseWrite.handOff(seen, OTHER)));
  }

  @Test
  void theFormerOwnerEndsAHandoffByAssigningAndNoSwitchIsCounted() {
    Lease seen = created(ownedBy(ME, MY_PROCESS, 5));
    Lease inHandoff = written(LeaseWrite.handOff(seen, OTHER));

    Lease ended = written(LeaseWrite.assign(inHandoff, OTHER));

    assertThat(ended.ownership()).isEqualTo(new Ownership(OTHER, null, 6, 0, null));
    assertThat(lost(LeaseWrite.renew(inHandoff, inHandoff, MY_PROCESS))).contains(ended);
  }

  @Test
  void aHandoffThatIsCalledBackCountsASwitch() {
    Lease inHandoff = written(LeaseWrite.handOff(created(ownedBy(ME, MY_PROCESS, 5)), OTHER));

    assertThat(written(LeaseWrite.assign(inHandoff, ME)).ownership())
        .isEqualTo(new Ownership(ME, null, 6, 1, null));
  }

  @Test
  void anEvictionSetsFreeOrEndsTheHandoff() {
    Lease held = created(ownedBy(ME, MY_PROCESS, 5));
    Lease inHandoff = written(LeaseWrite.handOff(held, OTHER));

    Lease toNext = written(LeaseWrite.evict(inHandoff));
    assertThat(toNext.ownership()).isEqualTo(new Ownership(OTHER, null, 6, 0, null));

    Lease free = written(LeaseWrite.evict(toNext));
    assertThat(free.ownership()).isEqualTo(new Ownership(null, null, 7, 0, null));
    assertThat(row(KEY)).isEqualTo(free);
  }

  @Test
  void aTakerOf2xNeedsTheCounterAlone() {
    Lease seen = created(ownedBy(ME, MY_PROCESS, 5));
    putAsIs(table, owners(seen, "worker-c", null));

    Lease taken = written(LeaseWrite.take(seen, OTHER, null));

    assertThat(taken.ownership()).isEqualTo(new Ownership(OTHER, null, 6, 1, null));
    assertThat(lost(LeaseWrite.take(seen, ME, MY_PROCESS))).contains(taken);
  }

  @Test
  void factsOfAShardAreAddedWithoutDisturbingWhoeverHoldsTheLease() {
    Lease held = created(ownedBy(ME, MY_PROCESS, 5));
    ShardFacts facts = held.shard()
        .withChildren(Set.of("shardId-000000000008"))
        .withStartAt(Instant.ofEpochMilli(1_795_481_645_664L))
        .withRange(HashKeyRange.of("100", "199"))
        .withStreamCreatedAt(Instant.ofEpochSecond(1_700_000_000L));
    Lease renewed = written(LeaseWrite.renew(held, at(held, AT_10), MY_PROCESS));

    LeaseWrite description = LeaseWrite.describe(held, facts);
    Lease described = written(description);

    assertThat(described.shard()).isEqualTo(facts);
    assertThat(described.ownership()).isEqualTo(renewed.ownership());
    assertThat(described.progress()).isEqualTo(renewed.progress());
    assertThat(description.isEffectOf(described)).isTrue();
    written(LeaseWrite.renew(renewed, renewed, MY_PROCESS));
    answer(table.delete(KEY));
    assertThat(lost(description)).isEmpty();
  }

  @Test
  void aReplacementLeavesNothingOfTheFormerLeaseButAGreaterToken() {
    Lease used = created(ownedBy(OTHER, OTHER_PROCESS, 500));
    used = written(LeaseWrite.renew(used, at(used, AT_20), OTHER_PROCESS));
    Lease fresh = new Lease(
        KEY,
        new Ownership(ME, null, 100, 0, MY_PROCESS),
        Progress.at(Checkpoint.TRIM_HORIZON),
        new ShardFacts(
            Set.of("shardId-000000000001"),
            Set.of(),
            HashKeyRange.of("5", "9"),
            null,
            null,
            Instant.ofEpochSecond(1_800_000_000L)));

    Lease replaced = written(LeaseWrite.replace(used, fresh));

    assertThat(replaced.counter()).isEqualTo(used.counter() + 1);
    assertThat(replaced.owner()).isEqualTo(ME);
    assertThat(replaced.progress()).isEqualTo(fresh.progress());
    assertThat(replaced.shard()).isEqualTo(fresh.shard());
    assertThat(row(KEY)).isEqualTo(replaced);
    assertThat(lost(LeaseWrite.renew(used, used, OTHER_PROCESS))).contains(replaced);
    assertThat(lost(LeaseWrite.replace(used, fresh))).contains(replaced);
  }

  // The index

  @Test
  void theIndexIsNotNeededAndAnswersOnceItIsThere() {
    Lease mine = created(ownedBy(ME, MY_PROCESS, 5));
    assertThat(answer(table.indexStatus())).isEqualTo(IndexStatus.ABSENT);
    assertThat(answer(table.ownedBy(ME))).isEmpty();

    assertThat(answer(table.createIndex())).isIn(IndexStatus.BUILDING, IndexStatus.ACTIVE);
    assertThat(answer(table.createIndex())).isIn(IndexStatus.BUILDING, IndexStatus.ACTIVE);
    awaitIndex();
    answer(table.coordination().putWorker(new WorkerRecord(ME, 1, false, Instant.EPOCH)));

    OwnedLeases owned = answer(table.ownedBy(ME)).orElseThrow();
    assertThat(owned.keys()).containsExactly(KEY);
    assertThat(owned.readUnits()).isEqualTo(0.5);
    written(LeaseWrite.handOff(mine, OTHER));
    assertThat(answer(table.ownedBy(OTHER)).orElseThrow().keys()).containsExactly(KEY);
    assertThat(answer(table.ownedBy(ME)).orElseThrow().keys()).isEmpty();
  }

  private void awaitIndex() {
    for (int tries = 0; tries < 100; tries++) {
      if (answer(table.indexStatus()) == IndexStatus.ACTIVE) {
        return;
      }
      CompletableFuture.runAsync(
              () -> {}, CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS))
          .join();
    }
    fail("The index is not ACTIVE after 20 s");
  }

  // Deleting

  @Test
  void aDeletedLeaseIsGoneAndItsRenewalLosesToNothing() {
    Lease held = created(ownedBy(ME, MY_PROCESS, 5));
    answer(table.delete(KEY));

    assertThat(answer(table.read(KEY))).isEmpty();
    assertThat(lost(LeaseWrite.renew(held, held, MY_PROCESS))).isEmpty();
    assertThat(lost(LeaseWrite.claim(held, OTHER, OTHER_PROCESS))).isEmpty();
    assertThat(lost(LeaseWrite.renew(owners(held, ME, ME), held, MY_PROCESS))).isEmpty();
    assertThat(answer(table.scan()).leases()).isEmpty();
  }

  @Test
  void deletingNothingIsNoError() {
    answer(table.delete(KEY));
    answer(table.coordination().deleteWorker(ME));
    answer(table.ensureExists());

    assertThat(answer(table.scan()).leases()).isEmpty();
  }

  // Workers

  @Test
  void workersAreSeenApartFromLeases() {
    Lease lease = created(ownedBy(ME, MY_PROCESS, 5));
    Instant written = Instant.ofEpochSecond(1_795_481_645);
    WorkerRecord first = new WorkerRecord(ME, 1, false, written);
    WorkerRecord second = new WorkerRecord(OTHER, 7, true, written.plusSeconds(1));
    answer(table.coordination().putWorker(first));
    answer(table.coordination().putWorker(second));

    TableView view = answer(table.scan());
    assertThat(view.leases()).containsExactly(lease);
    assertThat(view.workers()).containsExactlyInAnyOrder(first, second);
    assertThat(view.malformed()).isEmpty();

    WorkerRecord later = new WorkerRecord(ME, 2, true, written.plusSeconds(3));
    answer(table.coordination().putWorker(later));
    answer(table.coordination().deleteWorker(OTHER));
    assertThat(answer(table.scan()).workers()).containsExactly(later);
  }

  @Test
  void aWorkerCannotOverwriteALeaseNorRemoveIt() {
    Lease lease = created(ownedBy(ME, MY_PROCESS, 5));
    WorkerRecord namesake = new WorkerRecord(KEY.value(), 1, false, Instant.EPOCH);

    LeaseTableException refusal = failure(table.coordination().putWorker(namesake));
    answer(table.coordination().deleteWorker(KEY.value()));

    assertThat(refusal.kind()).isEqualTo(Kind.REFUSED);
    assertThat(refusal).hasMessageContaining(KEY.value()).hasMessageContaining(table.name());
    assertThat(row(KEY)).isEqualTo(lease);
  }

  @Test
  void aLeaseCannotOverwriteAWorkerNorCanItsDeletionRemoveIt() {
    WorkerRecord worker = new WorkerRecord(KEY.value(), 1, false, Instant.EPOCH);
    answer(table.coordination().putWorker(worker));
    Lease lease = ownedBy(ME, MY_PROCESS, 5);

    assertThat(lost(LeaseWrite.create(lease))).isEmpty();
    assertThat(lost(LeaseWrite.renew(lease, lease, MY_PROCESS))).isEmpty();
    assertThat(answer(table.read(KEY))).isEmpty();
    answer(table.delete(KEY));

    assertThat(answer(table.scan()).workers()).containsExactly(worker);
  }

  // Malformed items

  @Test
  void aMalformedLeaseIsReportedAndTheRestIsRead() {
    Lease lease = created(ownedBy(ME, MY_PROCESS, 5));
    LeaseKey broken = new LeaseKey("shardId-000000000008");
    putWithoutCounter(table, broken);

    TableView view = answer(table.scan());
    assertThat(view.leases()).containsExactly(lease);
    assertThat(view.malformed()).singleElement().satisfies(malformed -> {
      assertThat(malformed.key()).isEqualTo(broken);
      assertThat(malformed.reason()).contains("leaseCounter");
    });
    LeaseTableException failure = failure(table.read(broken));
    assertThat(failure.kind()).isEqualTo(Kind.MALFORMED);
    assertThat(failure).hasMessageContaining("leaseCounter").hasMessageContaining(broken.value());
  }

  @Test
  void aMalformedLeaseIsNotOverwrittenAndCanBeDeleted() {
    putWithoutCounter(table, KEY);
    Lease lease = ownedBy(ME, MY_PROCESS, 5);

    assertThat(lost(LeaseWrite.create(lease))).isEmpty();
    assertThat(lost(LeaseWrite.renew(lease, lease, MY_PROCESS))).isEmpty();
    assertThat(failure(table
                .coordination()
                .putWorker(new WorkerRecord(KEY.value(), 1, false, Instant.EPOCH)))
            .kind())
        .isEqualTo(Kind.REFUSED);

    answer(table.delete(KEY));
    assertThat(answer(table.scan()).malformed()).isEmpty();
    created(lease);
  }

  @Test
  void aScanSaysWhatItCost() {
    assertThat(answer(table.scan()).readUnits()).isBetween(0.0, 0.5);
    for (int i = 0; i < 20; i++) {
      Lease lease = ownedBy(ME, MY_PROCESS, i);
      created(new Lease(
          new LeaseKey("shardId-" + i), lease.ownership(), lease.progress(), lease.shard()));
    }
    assertThat(answer(table.scan()).readUnits()).isBetween(0.5, 1.0);
  }

  /** The value of a stage, which must come. */
  public static <T> T answer(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("Expected an answer", e);
    }
  }

  /** The failure of a stage, which must come. */
  public static LeaseTableException failure(CompletionStage<?> stage) {
    try {
      Object value = stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
      return fail("Expected a failure, got " + value);
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(LeaseTableException.class);
      return (LeaseTableException) e.getCause();
    } catch (Exception e) {
      throw new AssertionError("Expected a failure", e);
    }
  }

  private Lease created(Lease lease) {
    return written(LeaseWrite.create(lease));
  }

  private Lease written(LeaseWrite write) {
    return answer(table.write(write)).match(WriteResult.Written::lease, lost -> fail("" + lost));
  }

  private Optional<Lease> lost(LeaseWrite write) {
    return answer(table.write(write))
        .match(written -> fail("" + written), WriteResult.LostRace::actual);
  }

  private Lease row(LeaseKey key) {
    return answer(table.read(key)).orElseThrow();
  }

  private static Consumer<Lease> mine(LeaseWrite write) {
    return actual -> assertThat(write.isEffectOf(actual)).isTrue();
  }

  private static Consumer<Lease> notMine(LeaseWrite write) {
    return actual -> assertThat(write.isEffectOf(actual)).isFalse();
  }

  private static Lease ownedBy(String worker, @Nullable String process, long counter) {
    return lease(new Ownership(worker, null, counter, 0, process));
  }

  private static Lease unowned(long counter) {
    return lease(new Ownership(null, null, counter, 0, null));
  }

  private static Lease lease(Ownership ownership) {
    return new Lease(
        KEY,
        ownership,
        Progress.at(Checkpoint.TRIM_HORIZON),
        new ShardFacts(Set.of(), Set.of(), HashKeyRange.of("0", "99"), null, null));
  }

  private static Lease owners(Lease lease, String owner, @Nullable String checkpointOwner) {
    Ownership was = lease.ownership();
    return new Lease(
        lease.key(),
        new Ownership(
            owner, checkpointOwner, was.counter(), was.switchesSinceCheckpoint(), was.writer()),
        lease.progress(),
        lease.shard(),
        lease.throughputKBps());
  }

  private static Lease at(Lease lease, Checkpoint checkpoint) {
    return progress(lease, Progress.at(checkpoint));
  }

  private static Lease progress(Lease lease, Progress progress) {
    return new Lease(
        lease.key(), lease.ownership(), progress, lease.shard(), lease.throughputKBps());
  }

  private static Lease lag(Lease lease, @Nullable Long lagSeconds) {
    return new Lease(
        lease.key(),
        lease.ownership(),
        lease.progress(),
        lease.shard(),
        lease.throughputKBps(),
        lagSeconds);
  }

  private static Lease throughput(Lease lease, @Nullable Double throughput) {
    return new Lease(lease.key(), lease.ownership(), lease.progress(), lease.shard(), throughput);
  }
}
