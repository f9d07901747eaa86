package org.openkcl.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.CoordinationTable;
import org.openkcl.leases.IndexStatus;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTable;
import org.openkcl.leases.LeaseWrite;
import org.openkcl.leases.OwnedLeases;
import org.openkcl.leases.Progress;
import org.openkcl.leases.TableView;
import org.openkcl.leases.WriteResult;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.retrieval.ReadPosition;
import org.openkcl.retrieval.ReadReply;
import org.openkcl.retrieval.ShardReader;

/** The rules notice what they are there for: each test puts one fault into the library's way. */
final class RulesTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void aSkippedRecordIsNoticed() {
    assertBroken(
        fleet -> fleet.readingThrough(reader -> new Tampering(reader, records -> {
          List<KinesisClientRecord> kept = new ArrayList<>(records);
          if (kept.size() > 2) {
            kept.remove(1);
          }
          return kept;
        })),
        "to come");
  }

  @Test
  void recordsInAnotherOrderAreNoticed() {
    assertBroken(
        fleet -> fleet.readingThrough(reader -> new Tampering(reader, records -> {
          List<KinesisClientRecord> turned = new ArrayList<>(records);
          Collections.reverse(turned);
          return turned;
        })),
        "to come");
  }

  @Test
  void aTableThatLetsTheLoserOfARaceWriteIsNoticed() {
    assertBroken(
        fleet ->
            fleet.leasingThrough(table -> new Credulous(table)).failoverTime(Duration.ofSeconds(2)),
        "delivers");
  }

  @Test
  void aCheckpointOfWhatUserCodeHasNotAcknowledgedIsNoticed() {
    assertBroken(
        fleet -> fleet
            .processing(process -> input -> {})
            .leasingThrough(table -> new Eager(table, fleet)),
        "acknowledged");
  }

  @Test
  void aFailureNamesItsSeedAndTheLastEvents() {
    try (Fleet fleet = new Fleet(17)) {
      fleet.withShards(1).start("a");
      assertThatThrownBy(() -> fleet.runUntil("impossible", () -> false, MINUTE))
          .isInstanceOf(FleetFailure.class)
          .hasMessageContaining("Not impossible within PT1M")
          .hasMessageContaining("-Dopenkcl.seed=17")
          .hasMessageContaining("a owns shardId-000000000000");
    }
  }

  @Test
  void aSeedIsOneExactRun() {
    assertThat(run(23)).isEqualTo(run(23)).isNotEqualTo(run(24));
  }

  private static String run(long seed) {
    try (Fleet fleet = new Fleet(seed)) {
      new Storm(fleet).gather().rage(10);
      return fleet.events() + " events, " + fleet.deliveries();
    }
  }

  /** Some seed of a few shows it: frozen and thawed workers, records all the time. */
  private static void assertBroken(UnaryOperator<Fleet> fault, String message) {
    assertThatThrownBy(() -> {
          for (long seed = 0; seed < 20; seed++) {
            try (Fleet fleet = new Fleet(seed)) {
              fault.apply(fleet).withShards(2).produce(20, Duration.ofMillis(300));
              fleet.start("a", "b").runFor(MINUTE).cutOff("a").runFor(Duration.ofSeconds(20));
              fleet.reconnect("a").runFor(MINUTE);
            }
          }
        })
        .isInstanceOf(FleetFailure.class)
        .hasMessageContaining(message);
  }

  private record Tampering(ShardReader reader, UnaryOperator<List<KinesisClientRecord>> tamper)
      implements ShardReader {
    @Override
    public CompletionStage<String> openIterator(String shardId, ReadPosition position) {
      return reader.openIterator(shardId, position);
    }

    @Override
    public CompletionStage<ReadReply> read(String iterator, int maxRecords) {
      return reader
          .read(iterator, maxRecords)
          .thenApply(reply -> new ReadReply(
              tamper.apply(reply.records()),
              reply.nextIterator(),
              reply.millisBehindLatest(),
              reply.childShards(),
              reply.bytes()));
    }
  }

  /** Tells whoever lost a race, or got no answer, that the write was done. */
  private static final class Credulous extends Forwarding {
    Credulous(LeaseTable table) {
      super(table);
    }

    @Override
    public CompletionStage<WriteResult> write(LeaseWrite write) {
      return super.write(write)
          .handle((result, failure) -> new WriteResult.Written(write.intended()));
    }
  }

  /** Stores the newest position there is with every renewal. */
  private static final class Eager extends Forwarding {
    private final Fleet fleet;

    Eager(LeaseTable table, Fleet fleet) {
      super(table);
      this.fleet = fleet;
    }

    @Override
    public CompletionStage<WriteResult> write(LeaseWrite write) {
      Lease to = write.intended();
      return fleet
          .newestOf(to.shardId())
          .map(newest -> super.write(new LeaseWrite(
              write.guard(),
              write.expected(),
              new Lease(to.key(), to.ownership(), Progress.at(newest), to.shard()))))
          .orElseGet(() -> super.write(write));
    }
  }

  private abstract static class Forwarding implements LeaseTable {
    private final LeaseTable table;

    Forwarding(LeaseTable table) {
      this.table = table;
    }

    @Override
    public String name() {
      return table.name();
    }

    @Override
    public CompletionStage<Void> ensureExists() {
      return table.ensureExists();
    }

    @Override
    public CompletionStage<TableView> scan() {
      return table.scan();
    }

    @Override
    public CompletionStage<Optional<Lease>> read(LeaseKey key) {
      return table.read(key);
    }

    @Override
    public CompletionStage<WriteResult> write(LeaseWrite write) {
      return table.write(write);
    }

    @Override
    public CompletionStage<Void> delete(LeaseKey key) {
      return table.delete(key);
    }

    @Override
    public CoordinationTable coordination() {
      return table.coordination();
    }

    @Override
    public CompletionStage<IndexStatus> indexStatus() {
      return table.indexStatus();
    }

    @Override
    public CompletionStage<IndexStatus> createIndex() {
      return table.createIndex();
    }

    @Override
    public CompletionStage<Optional<OwnedLeases>> ownedBy(String workerId) {
      return table.ownedBy(workerId);
    }
  }
}
