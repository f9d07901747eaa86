package org.openkcl.testkit;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.openkcl.environment.SimulatedEnvironment;
import org.openkcl.processor.InitializationInput;
import org.openkcl.processor.KinesisClientLibRetryableException;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.LeaseLostInput;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.RecordProcessorCheckpointer;
import org.openkcl.processor.ShardEndedInput;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ShutdownRequestedInput;

/** The processor of fleets that have none of their own: takes time, checkpoints, errs. */
final class HabitualProcessor implements ShardRecordProcessor {
  private static final int LONG_FACTOR = 50;
  private static final int MOST_FORGOTTEN = 2;
  private static final Duration STALL = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(20);

  private final SimulatedEnvironment process;
  private final Supplier<Habits> habits;
  private final Runnable crash;
  private final Consumer<Happening> notes;
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

  private static final class Disaster extends Error {
    private static final long serialVersionUID = 1L;

    Disaster() {
      super("The simulated processor throws an error", null, false, false);
    }
  }

  /**
   * A processor in a process.
   *
   * @param crash ends the process, as soon as the call pauses
   * @param notes hears what the processor does wrong
   */
  HabitualProcessor(
      SimulatedEnvironment process,
      Supplier<Habits> habits,
      Runnable crash,
      Consumer<Happening> notes) {
    this.process = process;
    this.habits = habits;
    this.crash = crash;
    this.notes = notes;
    this.style = Style.values()[chance().nextInt(Style.values().length)];
  }

  private RandomGenerator chance() {
    return process.random();
  }

  @Override
  public void initialize(InitializationInput input) throws Exception {
    take();
    mayThrow();
  }

  @Override
  public void leaseLost(LeaseLostInput input) throws Exception {
    take();
    mayThrow();
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
    take();
    mayThrow();
    if (!forgets()) {
      input.checkpointer().checkpoint();
    }
  }

  @Override
  public void shutdownRequested(ShutdownRequestedInput input) throws Exception {
    take();
    mayThrow();
    if (!forgets()) {
      input.checkpointer().checkpoint();
    }
  }

  /** Calls that are not about records take time only now and then. */
  private void take() {
    if (happens(habits.get().lingering())) {
      process.pause(upTo(habits.get().maxBatchTime().multipliedBy(LONG_FACTOR)));
    }
  }

  private void work() {
    Habits now = habits.get();
    if (happens(now.crashing())) {
      notes.accept(Happening.CRASH_IN_CALL);
      crash.run();
      process.pause(SHORT);
    } else if (happens(now.stalling())) {
      notes.accept(Happening.STALL);
      process.pause(STALL.plus(upTo(STALL)));
    } else {
      Duration most = now.maxBatchTime();
      process.pause(upTo(happens(now.longCalls()) ? most.multipliedBy(LONG_FACTOR) : most));
    }
  }

  private Duration upTo(Duration most) {
    return Duration.ofNanos(chance().nextLong(most.toNanos() + 1));
  }

  private boolean happens(double share) {
    return share > 0 && chance().nextDouble() < share;
  }

  private void mayThrow() throws Mishap {
    if (happens(habits.get().throwing())) {
      notes.accept(Happening.EXCEPTION);
      if (chance().nextInt(4) == 0) {
        throw new Disaster();
      }
      throw new Mishap();
    }
  }

  private boolean forgets() {
    boolean forgets = forgotten < MOST_FORGOTTEN && happens(habits.get().forgetting());
    if (forgets) {
      forgotten++;
      notes.accept(Happening.FORGOTTEN);
    }
    return forgets;
  }
}
