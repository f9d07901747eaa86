package org.openkcl.samples.demo.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.samples.demo.proof.Milestone.Call.LEASE_LOST;
import static org.openkcl.samples.demo.proof.Milestone.Call.SHARD_ENDED;
import static org.openkcl.samples.demo.proof.Milestone.Call.SHUTDOWN_REQUESTED;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VerifierTest {

  @Test
  void acceptsEveryRecordOnceInOrder() {
    Verdict verdict = new Story()
        .shard("s", 10)
        .shard("t", 5)
        .life("A", "s", 100)
        .getsFrom(0, 9)
        .stays()
        .life("B", "t", 100)
        .getsFrom(0, 4)
        .stays()
        .verdict();

    assertThat(verdict.reasons()).isEmpty();
    assertThat(verdict).returns(true, Verdict::ok).returns(15L, Verdict::records);
    assertThat(verdict).returns(15L, Verdict::delivered).returns(0L, Verdict::duplicates);
  }

  @Test
  void acceptsAndCountsDuplicatesOfASuccessorThatStartsFurtherBack() {
    Verdict verdict = new Story()
        .shard("s", 10)
        .life("B", "s", 100)
        .getsFrom(0, 6)
        .stays()
        .life("A", "s", 200)
        .getsFrom(4, 9)
        .stays()
        .verdict();

    assertThat(verdict.reasons()).isEmpty();
    assertThat(verdict).returns(10L, Verdict::delivered).returns(3L, Verdict::duplicates);
  }

  @Test
  void acceptsAWorkerThatGoesOnForAWhileBesideItsSuccessor() {
    Verdict verdict = new Story()
        .shard("s", 10)
        .life("B", "s", 100)
        .getsFrom(0, 4)
        .after(200)
        .getsFrom(5, 7)
        .ends(LEASE_LOST)
        .life("A", "s", 200)
        .getsFrom(3, 9)
        .stays()
        .verdict();

    assertThat(verdict.reasons()).isEmpty();
    assertThat(verdict).returns(5L, Verdict::duplicates);
  }

  @Test
  void noticesARecordThatNobodyProcessed() {
    Verdict verdict = new Story()
        .shard("s", 10)
        .life("A", "s", 100)
        .getsFrom(0, 3)
        .getsFrom(5, 9)
        .stays()
        .verdict();

    assertThat(verdict).returns(1L, Verdict::lost).returns(9L, Verdict::delivered);
    assertThat(verdict).returns(0L, Verdict::outOfOrder);
    assertThat(verdict.reasons())
        .contains("s: 1 of 10 records were never processed, the first of them 1004 (DTW)");
  }

  @Test
  void noticesAShardThatNobodyRead() {
    Verdict verdict = new Story().shard("s", 10).verdict();

    assertThat(verdict).returns(10L, Verdict::lost).returns(false, Verdict::ok);
  }

  @Test
  void noticesASuccessorThatStartsTooFarAhead() {
    Verdict verdict = new Story()
        .shard("s", 10)
        .life("B", "s", 100)
        .getsFrom(0, 3)
        .ends(SHUTDOWN_REQUESTED)
        .life("A", "s", 200)
        .getsFrom(6, 9)
        .stays()
        .verdict();

    assertThat(verdict).returns(2L, Verdict::lost);
  }

  @Test
  void noticesTwoRecordsSwapped() {
    Verdict verdict = new Story()
        .shard("s", 10)
        .life("A", "s", 100)
        .getsFrom(0, 3)
        .gets(5, 4)
        .getsFrom(6, 9)
        .stays()
        .verdict();

    assertThat(verdict).returns(1L, Verdict::outOfOrder).returns(0L, Verdict::lost);
    assertThat(verdict.reasons())
        .containsExactly("s: worker A processed 1 records out of order: 1004 after 1005");
  }

  @Test
  void noticesTheFirstTwoRecordsSwapped() {
    Verdict verdict =
        new Story().shard("s", 4).life("A", "s", 100).gets(1, 0, 2, 3).stays().verdict();

    assertThat(verdict).returns(1L, Verdict::outOfOrder).returns(0L, Verdict::lost);
  }

  @Test
  void noticesARecordThatOneProcessorGetsTwice() {
    Verdict verdict = new Story()
        .shard("s", 4)
        .life("A", "s", 100)
        .gets(0, 1, 1, 2, 3)
        .stays()
        .verdict();

    assertThat(verdict).returns(1L, Verdict::outOfOrder).returns(1L, Verdict::duplicates);
    assertThat(verdict.ok()).isFalse();
  }

  @Test
  void noticesARecordLeftOutThatAnotherWorkerDeliversLater() {
    Verdict verdict = new Story()
        .shard("s", 10)
        .life("A", "s", 100)
        .getsFrom(0, 3)
        .getsFrom(6, 9)
        .ends(LEASE_LOST)
        .life("B", "s", 500)
        .getsFrom(3, 9)
        .stays()
        .verdict();

    assertThat(verdict).returns(0L, Verdict::lost).returns(2L, Verdict::outOfOrder);
    assertThat(verdict.reasons())
        .containsExactly("s: worker A left out 2 records that had not been processed yet");
  }

  @Test
  void acceptsAChildThatStartsAfterItsParents() {
    Verdict verdict = new Story()
        .shard("p", 3)
        .shard("q", 3)
        .shard("child", 3, "p", "q")
        .life("A", "p", 100)
        .getsFrom(0, 2)
        .ends(SHARD_ENDED)
        .life("B", "q", 100)
        .getsFrom(0, 2)
        .ends(SHARD_ENDED)
        .life("B", "child", 200)
        .getsFrom(0, 2)
        .stays()
        .verdict();

    assertThat(verdict.reasons()).isEmpty();
  }

  @Test
  void acceptsAParentThatEndsTwiceBecauseItsWorkerDied() {
    Verdict verdict = new Story()
        .shard("p", 3)
        .shard("child", 3, "p")
        .life("B", "p", 100)
        .getsFrom(0, 2)
        .ends(SHARD_ENDED)
        .life("A", "p", 200)
        .getsFrom(2, 2)
        .ends(SHARD_ENDED)
        .life("A", "child", 300)
        .getsFrom(0, 2)
        .stays()
        .verdict();

    assertThat(verdict.reasons()).isEmpty();
    assertThat(verdict).returns(1L, Verdict::duplicates);
  }

  @Test
  void noticesAChildReadBeforeItsParentsLastRecord() {
    Verdict verdict = new Story()
        .shard("p", 3)
        .shard("child", 3, "p")
        .life("A", "p", 100)
        .getsFrom(0, 1)
        .after(100)
        .getsFrom(2, 2)
        .ends(SHARD_ENDED)
        .life("B", "child", 150)
        .getsFrom(0, 2)
        .stays()
        .verdict();

    assertThat(verdict).returns(3L, Verdict::outOfOrder).returns(0L, Verdict::lost);
    assertThat(verdict.reasons()).hasSize(1);
    assertThat(verdict.reasons().get(0))
        .startsWith("child was started by worker B 0 ms before its parents had ended (p)")
        .endsWith("3 records came too early");
  }

  @Test
  void noticesAChildOfAParentThatNeverEnded() {
    Verdict verdict = new Story()
        .shard("p", 3)
        .shard("q", 3)
        .shard("child", 3, "p", "q")
        .life("A", "p", 100)
        .getsFrom(0, 2)
        .ends(SHARD_ENDED)
        .life("B", "q", 100)
        .getsFrom(0, 2)
        .stays()
        .life("B", "child", 500)
        .getsFrom(0, 2)
        .stays()
        .verdict();

    assertThat(verdict.reasons()).hasSize(1);
    assertThat(verdict.reasons().get(0)).contains("though its parents never ended");
  }

  @Test
  void noticesARecordThatWasNeverPut() {
    Verdict verdict =
        new Story().shard("s", 3).life("A", "s", 100).gets(0, 1, 2, 3).stays().verdict();

    assertThat(verdict.reasons())
        .contains("s: worker A processed sequence number 1003, which was never put there")
        .anyMatch(reason -> reason.startsWith("The statistics of 1 airports differ: HNL"));
  }

  @Test
  void noticesAnotherPayloadOrKey() {
    Verdict verdict = new Story()
        .shard("s", 3)
        .life("A", "s", 100)
        .gets(0)
        .gets(1, "HNL", 99)
        .gets(2, "JFK", 2)
        .stays()
        .verdict();

    assertThat(verdict.reasons())
        .contains(
            "s: worker A processed sequence number 1001 with another content than was put",
            "s: worker A processed sequence number 1002 with another content than was put");
  }

  @Test
  void noticesWrongStatistics() {
    Story story = new Story().shard("s", 2).life("A", "s", 100).gets(0, 1).stays();
    Production production = new Production(
        List.of(new PutRecord(0, "s", "1000", "DTW", 0), new PutRecord(0, "s", "1001", "HNL", 1)),
        Map.of());

    Verdict verdict = Verifier.verify(
        production,
        story.lives(),
        DelayStatistics.of(
            Stream.of(new Flight("", 0, 1, "DTW", "X"), new Flight("", 6, 1, "HNL", "X"))));

    assertThat(verdict.reasons())
        .containsExactly(
            "The statistics of 1 airports differ: HNL: 1 flights, 0 delayed, 6 minutes, worst 6 by"
                + " the file, 1 flights, 0 delayed, 5 minutes, worst 5 by the workers");
  }

  @Test
  void comparesSequenceNumbersAsNumbers() {
    Production production = new Production(
        List.of(new PutRecord(0, "s", "1000", "DTW", 0), new PutRecord(0, "s", "999", "DTW", 0)),
        Map.of());
    Incarnation life = new Incarnation(
        "A",
        "s",
        1,
        List.of(new Delivery(1, "999", "DTW", 0, 0), new Delivery(2, "1000", "DTW", 0, 0)),
        List.of());

    Verdict verdict =
        Verifier.verify(production, List.of(life), DelayStatistics.of(life.deliveries().stream()));

    assertThat(verdict.reasons()).isEmpty();
  }
}
