package org.openkcl.samples.demo.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openkcl.samples.demo.proof.Milestone.Call;

class LedgerTallyTest {
  @TempDir
  Path directory;

  @Test
  void countsGrowingLedgersShardByShard() throws IOException {
    LedgerTally tally = new LedgerTally(directory.resolve("ledgers"));
    tally.poll();
    assertThat(tally.deliveries()).isZero();
    try (Ledger one = Ledger.create(directory.resolve("ledgers"), "a", "s", 1);
        Ledger other = Ledger.create(directory.resolve("ledgers"), "b", "t", 1)) {
      one.write(new Milestone(1, Call.INITIALIZED));
      one.write(List.of(delivery(99), delivery(100)));
      other.write(List.of(delivery(7)));
      tally.poll();
      assertThat(tally.latest()).isEqualTo(Map.of("s", "100", "t", "7"));
      one.write(List.of(delivery(101)));
    }
    tally.poll();
    assertThat(tally.latest()).isEqualTo(Map.of("s", "101", "t", "7"));
    assertThat(tally.deliveries()).isEqualTo(4);
  }

  private static Delivery delivery(int number) {
    return new Delivery(1, Integer.toString(number), "k", 0, 0);
  }
}
