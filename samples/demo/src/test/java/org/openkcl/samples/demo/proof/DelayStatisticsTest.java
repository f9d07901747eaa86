package org.openkcl.samples.demo.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DelayStatisticsTest {
  private static final Flight EARLY = new Flight("2001/01/01 00:47", -5, 100, "DTW", "LAS");
  private static final Flight LATE = new Flight("2001/01/01 00:48", 15, 100, "DTW", "LAS");
  private static final Flight ELSEWHERE = new Flight("2001/01/01 00:49", 14, 100, "HNL", "LAS");

  @Test
  void addsUpPerOrigin() {
    DelayStatistics statistics = DelayStatistics.of(Stream.of(EARLY, LATE, ELSEWHERE));

    assertThat(statistics.byOrigin())
        .containsEntry("DTW", new OriginDelays(2, 1, 10, 15))
        .containsEntry("HNL", new OriginDelays(1, 0, 14, 14));
  }

  @Test
  void ranksByMeanDelayAndLeavesOutSmallAirports() {
    DelayStatistics statistics = DelayStatistics.of(Stream.of(EARLY, LATE, ELSEWHERE));

    assertThat(statistics.mostDelayed(5, 1))
        .extracting(DelayStatistics.Ranked::origin)
        .containsExactly("HNL", "DTW");
    assertThat(statistics.mostDelayed(5, 2))
        .extracting(DelayStatistics.Ranked::origin)
        .containsExactly("DTW");
    assertThat(statistics.mostDelayed(1, 1)).hasSize(1);
  }

  @Test
  void namesEveryAirportThatDiffers() {
    DelayStatistics expected = DelayStatistics.of(Stream.of(EARLY, LATE, ELSEWHERE));

    assertThat(expected.differences(expected)).isEmpty();
    assertThat(expected.differences(DelayStatistics.of(Stream.of(EARLY, LATE))))
        .containsExactly(
            "HNL: 1 flights, 0 delayed, 14 minutes, worst 14 by the file, 0 flights, 0 delayed, 0"
                + " minutes, worst 0 by the workers");
    assertThat(DelayStatistics.of(Stream.of(LATE)).differences(expected)).hasSize(2);
  }

  @Test
  void readsTheSampleAsItIs() throws IOException {
    List<Flight> flights = FlightFile.read(Optional.empty());

    assertThat(flights).hasSize(20_000);
    assertThat(flights.get(0)).isEqualTo(Flight.parse("2001/01/01 00:47,66,1750,DTW,LAS"));
    assertThat(flights.stream().mapToInt(Flight::delayMinutes).sum()).isEqualTo(154_078);
    assertThat(DelayStatistics.of(flights.stream()).byOrigin()).hasSize(220);
  }

  @Test
  void aFlightIsReadAsItIsWritten() {
    assertThat(Flight.parse(LATE.line())).isEqualTo(LATE);
  }

  @Test
  void refusesAFileOfAnotherKind(@TempDir Path directory) throws IOException {
    Path noHeader = Files.writeString(directory.resolve("a.csv"), LATE.line() + "\n");
    Path badLine =
        Files.writeString(directory.resolve("b.csv"), Flight.HEADER + "\n" + LATE.line() + "\nx\n");

    assertThatThrownBy(() -> FlightFile.read(Optional.of(noHeader)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("must begin with the line");
    assertThatThrownBy(() -> FlightFile.read(Optional.of(badLine)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("b.csv line 3");
  }
}
