package org.openkcl.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.Checkpoint;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.retrieval.TestRecords;

class ProcessedRecordsTest {
  private final List<KinesisClientRecord> plain = TestRecords.of("9", "10", "11");

  @Test
  void leavesOutEverythingUpToTheCheckpointComparedAsNumbers() {
    assertThat(left(plain, Checkpoint.at("10"))).containsExactly("11");
    assertThat(left(plain, Checkpoint.at("8"))).containsExactly("9", "10", "11");
    assertThat(left(plain, Checkpoint.at("100"))).isEmpty();
    assertThat(left(List.of(), Checkpoint.at("100"))).isEmpty();
  }

  @Test
  void sentinelsLeaveNothingOut() {
    assertThat(left(plain, Checkpoint.TRIM_HORIZON)).hasSize(3);
    assertThat(left(plain, Checkpoint.LATEST)).hasSize(3);
    assertThat(left(plain, Checkpoint.AT_TIMESTAMP)).hasSize(3);
  }

  @Test
  void aWholeRecordIsKeptWhenTheCheckpointStandsInsideIt() {
    assertThat(left(plain, new Checkpoint("10", 4))).containsExactly("10", "11");
  }

  @Test
  void userRecordsOfAnAggregateAreLeftOutUpToTheirIndex() {
    List<KinesisClientRecord> taken = List.of(
        TestRecords.record("10", 0, true),
        TestRecords.record("10", 1, true),
        TestRecords.record("10", 2, true));
    assertThat(ProcessedRecords.dropFrom(taken, new Checkpoint("10", 1)))
        .extracting(KinesisClientRecord::subSequenceNumber)
        .containsExactly(2L);
  }

  private static List<String> left(List<KinesisClientRecord> records, Checkpoint checkpoint) {
    return TestRecords.sequenceNumbers(ProcessedRecords.dropFrom(records, checkpoint));
  }
}
