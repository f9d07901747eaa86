package org.openkcl.testkit;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.openkcl.environment.SimulatedEnvironment;
import org.openkcl.processor.KinesisClientLibRetryableException;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.RecordProcessorCheckpointer;
import org.openkcl.processor.ShardEndedInput;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ShutdownRequestedInput;

/** The processor of fleets that have none of their own: takes time, checkpoints, errs. */
final class HabitualProcessor implements ShardRecordProcessor {
  private static final int LONG_FACTOR = 50;
  private static final int MOST_FORGOTTEN = 2;

  private final SimulatedEnvironment process;
  private final Supplier<Habits> habits;
  private final Style style;
  private BigInteger asked = BigInteger.ZERO;
  private int batches;
  private int forgotten;

  private enum Style {
    EACH_BATCH,
    EACH_RECORD,
    EACH_THIRD_BATCH,
    TWO_PHASE,
    ONLY_WHEN_ASKED
  }

  private static final class Mishap extends Exception {
    private static final long serialVersionUID = 1L;

    Mishap() {
      super("The simulated processor throws", null, false, false);
    }
  }

  HabitualProcessor(SimulatedEnvironment process, Supplier<Habits> habits) {
    this.process = process;
    this.habits = habits;
    this.style = Style.values()[chance().nextInt(Style.values().length)];
  }

  private RandomGenerator chance() {
    return process.random();
  }

  @Override
  public void processRecords(ProcessRecordsInput input) throws Exception {
    mayThrow();
    work();
    batches++;
    try {
      checkpoint(input);
    } catch (KinesisClientLibRetryableException tryLater) {
      if (chance().nextBoolean()) {
        throw tryLater;
      }
    }
    mayThrow();
  }

  private void checkpoint(ProcessRecordsInput input) throws Exception {
    RecordProcessorCheckpointer checkpointer = input.checkpointer();
    List<KinesisClientRecord> records = input.records();
    switch (style) {
      case EACH_BATCH -> checkpointer.checkpoint();
      case EACH_RECORD -> {
        for (KinesisClientRecord record : records) {
          checkpoint(checkpointer, record);
        }
      }
      case EACH_THIRD_BATCH -> {
        if (batches % 3 == 0) {
          checkpoint(checkpointer, records.get(chance().nextInt(records.size())));
        }
      }
      case TWO_PHASE -> checkpointer.prepareCheckpoint(new byte[] {1}).checkpoint();
      case ONLY_WHEN_ASKED -> {}
    }
  }

  /** A batch that comes again may hold records that are checkpointed already. */
  private void checkpoint(RecordProcessorCheckpointer checkpointer, KinesisClientRecord record)
      throws Exception {
    BigInteger position = new BigInteger(record.sequenceNumber());
    if (position.compareTo(asked) > 0) {
      asked = position;
      checkpointer.checkpoint(record);
    }
  }

  @Override
  public void shardEnded(ShardEndedInput input) throws Exception {
    mayThrow();
    if (!forgets()) {
      input.checkpointer().checkpoint();
    }
  }

  @Override
  public void shutdownRequested(ShutdownRequestedInput input) throws Exception {
    mayThrow();
    if (!forgets()) {
      input.checkpointer().checkpoint();
    }
  }

  private void work() {
    Habits now = habits.get();
    long most = now.maxBatchTime().toNanos();
    if (chance().nextDouble() < now.longCalls()) {
      most *= LONG_FACTOR;
    }
    process.pause(Duration.ofNanos(chance().nextLong(most + 1)));
  }

  private void mayThrow() throws Mishap {
    if (chance().nextDouble() < habits.get().throwing()) {
      throw new Mishap();
    }
  }

  private boolean forgets() {
    boolean forgets =
        forgotten < MOST_FORGOTTEN && chance().nextDouble() < habits.get().forgetting();
    forgotten += forgets ? 1 : 0;
    return forgets;
  }
}
