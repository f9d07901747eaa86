package org.openkcl.samples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openkcl.processor.ExtendedSequenceNumber;
import org.openkcl.processor.InitializationInput;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.LeaseLostInput;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.RecordProcessorCheckpointer;
import org.openkcl.processor.ShardEndedInput;
import org.openkcl.processor.ShutdownException;
import org.openkcl.samples.demo.proof.Delivery;
import org.openkcl.samples.demo.proof.Incarnation;
import org.openkcl.samples.demo.proof.LedgerFolder;
import org.openkcl.samples.demo.proof.Milestone;
import org.openkcl.samples.demo.proof.PayloadCrc;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

class DelayProcessorTest {
  private static final String SHARD = "shardId-000000000000";

  @TempDir
  Path ledgers;

  @Test
  void writesDownARecordBeforeItIsCheckpointed() throws Exception {
    List<Integer> writtenAtCheckpoint = new ArrayList<>();
    DelayProcessor processor = processor(Sabotage.NONE);

    processor.processRecords(
        batch(2, () -> writtenAtCheckpoint.add(ledger().deliveries().size())));

    assertThat(writtenAtCheckpoint).containsExactly(2);
    Delivery second = ledger().deliveries().get(1);
    assertThat(second.sequenceNumber()).isEqualTo("101");
    assertThat(second.origin()).isEqualTo("DTW");
    assertThat(second.delayMinutes()).isEqualTo(1);
    assertThat(second.payloadCrc()).isEqualTo(PayloadCrc.of(UTF_8.encode(line(1))));
  }

  @Test
  void writesDownItsCalls() throws Exception {
    DelayProcessor processor = processor(Sabotage.NONE);

    processor.shardEnded(new ShardEndedInput(checkpointer(() -> {})));

    assertThat(ledger().milestones())
        .extracting(Milestone::call)
        .containsExactly(Milestone.Call.INITIALIZED, Milestone.Call.SHARD_ENDED);
  }

  @Test
  void takesItCalmlyWhenTheShardIsAnotherWorkersAlready() throws Exception {
    DelayProcessor processor = processor(Sabotage.NONE);

    processor.processRecords(batch(1, () -> {
      throw new ShutdownException("lost");
    }));
    processor.leaseLost(LeaseLostInput.builder().build());

    assertThat(ledger().deliveries()).hasSize(1);
    assertThat(ledger().milestones())
        .extracting(Milestone::call)
        .containsExactly(Milestone.Call.INITIALIZED, Milestone.Call.LEASE_LOST);
  }

  @Test
  void isSabotagedOnceOnly() throws Exception {
    DelayProcessor processor = processor(Sabotage.SKIP);

    processor.processRecords(batch(10, () -> {}));
    processor.processRecords(batch(10, () -> {}));

    assertThat(ledger().deliveries()).hasSize(17);
  }

  private DelayProcessor processor(Sabotage sabotage) throws IOException {
    KinesisAsyncClient notCalled = new KinesisAsyncClient() {
      @Override
      public String serviceName() {
        return "none";
      }

      @Override
      public void close() {}
    };
    DelayProcessor processor = new DelayProcessor(new DelayProcessor.Desk(
        "A",
        ledgers,
        new AtomicInteger(),
        new Misconduct(sabotage, new FlightStream(notCalled, "none"))));
    processor.initialize(InitializationInput.builder()
        .shardId(SHARD)
        .extendedSequenceNumber(ExtendedSequenceNumber.TRIM_HORIZON)
        .build());
    return processor;
  }

  private static ProcessRecordsInput batch(int records, OnCheckpoint onCheckpoint) {
    return ProcessRecordsInput.builder()
        .checkpointer(checkpointer(onCheckpoint))
        .records(IntStream.range(0, records)
            .mapToObj(i -> KinesisClientRecord.builder()
                .sequenceNumber(Integer.toString(100 + i))
                .partitionKey("DTW")
                .data(UTF_8.encode(line(i)))
                .build())
            .toList())
        .build();
  }

  /** What to do at a checkpoint. */
  private interface OnCheckpoint {
    void run() throws ShutdownException;
  }

  /** Knows only the form of checkpoint that the demo uses. */
  private static RecordProcessorCheckpointer checkpointer(OnCheckpoint onCheckpoint) {
    return (RecordProcessorCheckpointer) Proxy.newProxyInstance(
        DelayProcessorTest.class.getClassLoader(),
        new Class<?>[] {RecordProcessorCheckpointer.class},
        (proxy, method, arguments) -> {
          assertThat(method.getName()).isEqualTo("checkpoint");
          assertThat(arguments).isNull();
          onCheckpoint.run();
          return null;
        });
  }

  private static String line(int delay) {
    return "2001/01/01 00:47," + delay + ",1750,DTW,LAS";
  }

  private Incarnation ledger() {
    try {
      return new LedgerFolder(ledgers).read().get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
