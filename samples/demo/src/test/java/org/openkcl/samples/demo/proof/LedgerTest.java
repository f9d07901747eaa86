package org.openkcl.samples.demo.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openkcl.samples.demo.proof.Milestone.Call;

class LedgerTest {
  private static final Delivery FIRST = new Delivery(11, "4960", "DTW", -7, 42);
  private static final Delivery SECOND = new Delivery(12, "4961", "HNL", 60, -1);

  @TempDir
  Path directory;

  @Test
  void isReadAsItWasWritten() throws IOException {
    try (Ledger ledger = Ledger.create(directory, "A", "shardId-000000000001", 1)) {
      ledger.write(new Milestone(10, Call.INITIALIZED));
      ledger.write(List.of(FIRST, SECOND));
      ledger.write(new Milestone(13, Call.SHARD_ENDED));
    }

    assertThat(new LedgerFolder(directory).read())
        .containsExactly(new Incarnation(
            "A",
            "shardId-000000000001",
            1,
            List.of(FIRST, SECOND),
            List.of(new Milestone(10, Call.INITIALIZED), new Milestone(13, Call.SHARD_ENDED))));
  }

  @Test
  void canBeReadWhileItGrows() throws IOException {
    LedgerFolder folder = new LedgerFolder(directory.resolve("later"));
    assertThat(folder.read()).isEmpty();

    try (Ledger ledger = Ledger.create(directory.resolve("later"), "A", "s", 1)) {
      ledger.write(List.of(FIRST));
      assertThat(folder.read().get(0).deliveries()).containsExactly(FIRST);
      ledger.write(List.of(SECOND));
      assertThat(folder.read().get(0).deliveries()).containsExactly(FIRST, SECOND);
    }
  }

  @Test
  void aTornLastLineIsNoRecordYet() throws IOException {
    try (Ledger ledger = Ledger.create(directory, "B", "s", 1)) {
      ledger.write(List.of(FIRST, SECOND));
    }
    Path file = onlyFile();
    byte[] whole = Files.readAllBytes(file);
    int lastLine = LedgerLines.of(SECOND).getBytes(UTF_8).length;

    for (int torn = 1; torn < lastLine; torn++) {
      Files.write(file, Arrays.copyOf(whole, whole.length - torn));
      assertThat(new LedgerFolder(directory).read().get(0).deliveries()).containsExactly(FIRST);
    }
  }

  @Test
  void aTornFirstLineIsNoProcessorYet() throws IOException {
    Ledger.create(directory, "B", "s", 1).close();
    Files.writeString(onlyFile(), "processor\tB");

    assertThat(new LedgerFolder(directory).read()).isEmpty();
  }

  @Test
  void damageInTheMiddleIsReportedWithItsPlace() throws IOException {
    try (Ledger ledger = Ledger.create(directory, "B", "s", 1)) {
      Files.writeString(onlyFile(), "record\t12\n", StandardOpenOption.APPEND);
      ledger.write(List.of(FIRST));
    }

    assertThatThrownBy(() -> new LedgerFolder(directory).read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("line 2 is no line of a ledger");
  }

  @Test
  void twoProcessorsNeverShareAFile() throws IOException {
    Ledger.create(directory, "A", "s", 1).close();

    assertThatThrownBy(() -> Ledger.create(directory, "A", "s", 1).close())
        .isInstanceOf(IOException.class);
    Ledger.create(directory, "A", "s", 2).close();
    assertThat(new LedgerFolder(directory).read()).hasSize(2);
  }

  @Test
  void theProducersIsReadAsItWasWritten() throws IOException {
    Path file = directory.resolve("produced");
    PutRecord put = new PutRecord(9, "s", "4960", "DTW", 42);
    try (ProductionLedger ledger = new ProductionLedger(file)) {
      ledger.write(List.of(put));
      ledger.writeShard("s", List.of());
      ledger.writeShard("t", List.of("s", "r"));
    }

    assertThat(ProductionLedger.read(file))
        .isEqualTo(new Production(List.of(put), Map.of("s", List.of(), "t", List.of("s", "r"))));
  }

  private Path onlyFile() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.findFirst().orElseThrow();
    }
  }
}
