package org.openkcl.samples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.openkcl.processor.InitializationInput;
import org.openkcl.processor.KinesisClientLibRetryableException;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.LeaseLostInput;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.RecordProcessorCheckpointer;
import org.openkcl.processor.ShardEndedInput;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ShutdownException;
import org.openkcl.processor.ShutdownRequestedInput;
import org.openkcl.samples.demo.proof.Delivery;
import org.openkcl.samples.demo.proof.EpochMicros;
import org.openkcl.samples.demo.proof.Flight;
import org.openkcl.samples.demo.proof.Ledger;
import org.openkcl.samples.demo.proof.Milestone;
import org.openkcl.samples.demo.proof.Milestone.Call;
import org.openkcl.samples.demo.proof.PayloadCrc;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The demo's application: reads the delay of each flight and writes it down, first in its ledger,
 * then as done by a checkpoint. Nothing is buffered, so it can checkpoint whenever it is asked to.
 */
final class DelayProcessor implements ShardRecordProcessor {
  private static final Logger log = LoggerFactory.getLogger(DelayProcessor.class);

  private final Desk desk;
  private @Nullable Ledger ledger;
  private String shardId = "";

  /**
   * What the processors of one worker share.
   *
   * @param ordinals numbers their ledgers
   */
  record Desk(String worker, Path ledgers, AtomicInteger ordinals, Misconduct misconduct) {
    Ledger open(String shardId) throws IOException {
      return Ledger.create(ledgers, worker, shardId, ordinals.incrementAndGet());
    }
  }

  DelayProcessor(Desk desk) {
    this.desk = desk;
  }

  @Override
  public void initialize(InitializationInput input) throws IOException {
    shardId = input.shardId();
    ledger = desk.open(shardId);
    note(Call.INITIALIZED);
  }

  @Override
  public void processRecords(ProcessRecordsInput input) throws Exception {
    readAhead();
    List<Delivery> deliveries = new ArrayList<>();
    for (KinesisClientRecord record : desk.misconduct().treat(input.records())) {
      deliveries.add(delivery(record.sequenceNumber(), record.partitionKey(), record.data()));
    }
    ledger().write(deliveries);
    try {
      checkpoint(input.checkpointer());
    } catch (KinesisClientLibRetryableException e) {
      log.warn("{}: not checkpointed, the next batch will be", shardId, e);
    }
  }

  @Override
  public void leaseLost(LeaseLostInput input) throws IOException {
    note(Call.LEASE_LOST);
    ledger().close();
  }

  @Override
  public void shardEnded(ShardEndedInput input) throws Exception {
    readAhead();
    note(Call.SHARD_ENDED);
    checkpoint(input.checkpointer());
    ledger().close();
  }

  @Override
  public void shutdownRequested(ShutdownRequestedInput input) throws Exception {
    note(Call.SHUTDOWN_REQUESTED);
    checkpoint(input.checkpointer());
  }

  private static Delivery delivery(String sequenceNumber, String partitionKey, ByteBuffer data) {
    Flight flight = Flight.parse(UTF_8.decode(data.duplicate()).toString());
    return new Delivery(
        EpochMicros.now(),
        sequenceNumber,
        partitionKey,
        flight.delayMinutes(),
        PayloadCrc.of(data));
  }

  private void checkpoint(RecordProcessorCheckpointer checkpointer) throws Exception {
    try {
      checkpointer.checkpoint();
    } catch (ShutdownException e) {
      log.info("{} is another worker's now", shardId);
    }
  }

  private void note(Call call) throws IOException {
    ledger().write(new Milestone(EpochMicros.now(), call));
  }

  private Ledger ledger() {
    return Objects.requireNonNull(ledger, "initialize comes first");
  }

  /** Sabotage only: a child's records, written down while this shard, its parent, is not done. */
  private void readAhead() throws IOException, InterruptedException {
    Optional<Misconduct.EarlyChild> child = desk.misconduct().readAhead(shardId);
    if (child.isPresent()) {
      try (Ledger early = desk.open(child.get().shardId())) {
        early.write(child.get().records().stream()
            .map(record -> delivery(
                record.sequenceNumber(), record.partitionKey(), record.data().asByteBuffer()))
            .toList());
      }
    }
  }
}
