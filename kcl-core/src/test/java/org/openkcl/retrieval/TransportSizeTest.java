package org.openkcl.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransportSizeTest {
  @ParameterizedTest(name = "{0} shards, {1} MiB, {2} threads")
  @CsvSource({
    "1,    512, 1, 524288, 16",
    "4,    512, 1, 524288, 16",
    "64,   512, 1, 524288, 128",
    "64,   512, 4, 524288, 32",
    "1000, 512, 1, 131072, 128",
    "1000, 64,  2, 16384,  128",
    "5000, 64,  1, 16384,  128",
    "0,    64,  1, 524288, 16"
  })
  void windowsTakeAQuarterOfTheBudgetAndConnectionsServeAllThreads(
      int shards, long budgetMiB, int threads, int windowBytes, int streams) {
    assertThat(TransportSize.of(shards, budgetMiB << 20, threads))
        .isEqualTo(new TransportSize(windowBytes, streams));
  }
}
