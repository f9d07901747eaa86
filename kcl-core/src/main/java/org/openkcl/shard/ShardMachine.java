package org.openkcl.shard;

import static org.openkcl.shard.ShardEffect.CALL_INITIALIZE;
import static org.openkcl.shard.ShardEffect.CALL_LEASE_LOST;
import static org.openkcl.shard.ShardEffect.CALL_PROCESS_RECORDS;
import static org.openkcl.shard.ShardEffect.CALL_SHARD_ENDED;
import static org.openkcl.shard.ShardEffect.CALL_SHUTDOWN_REQUESTED;
import static org.openkcl.shard.ShardEffect.CREATE_CHILDREN;
import static org.openkcl.shard.ShardEffect.FORGET;
import static org.openkcl.shard.ShardEffect.NEXT_BATCH;
import static org.openkcl.shard.ShardEffect.RELEASE;
import static org.openkcl.shard.ShardEffect.SCHEDULE_RETRY;
import static org.openkcl.shard.ShardEffect.START_READING;
import static org.openkcl.shard.ShardEffect.STOP_READING;
import static org.openkcl.shard.ShardEffect.STORE_END;
import static org.openkcl.shard.ShardEvent.BATCH_READY;
import static org.openkcl.shard.ShardEvent.CALL_DONE;
import static org.openkcl.shard.ShardEvent.CALL_FAILED;
import static org.openkcl.shard.ShardEvent.CHILDREN_READY;
import static org.openkcl.shard.ShardEvent.DRAIN;
import static org.openkcl.shard.ShardEvent.END_REACHED;
import static org.openkcl.shard.ShardEvent.END_REFUSED;
import static org.openkcl.shard.ShardEvent.END_STORED;
import static org.openkcl.shard.ShardEvent.PARENTS_DONE;
import static org.openkcl.shard.ShardEvent.READING_DUE;
import static org.openkcl.shard.ShardEvent.RELEASE_DONE;
import static org.openkcl.shard.ShardEvent.RETRY_DUE;
import static org.openkcl.shard.ShardEvent.TIME_OVER;
import static org.openkcl.shard.ShardMachine.When.ALWAYS;
import static org.openkcl.shard.ShardMachine.When.BUSY;
import static org.openkcl.shard.ShardMachine.When.BUSY_DRAIN_WANTED;
import static org.openkcl.shard.ShardMachine.When.IDLE;
import static org.openkcl.shard.ShardMachine.When.IDLE_DRAIN_WANTED;
import static org.openkcl.shard.ShardMachine.When.TELLING;
import static org.openkcl.shard.ShardState.Phase.AWAITING_PARENTS;
import static org.openkcl.shard.ShardState.Phase.CONSUMING;
import static org.openkcl.shard.ShardState.Phase.DRAINING;
import static org.openkcl.shard.ShardState.Phase.ENDED;
import static org.openkcl.shard.ShardState.Phase.ENDING;
import static org.openkcl.shard.ShardState.Phase.LOST;
import static org.openkcl.shard.ShardState.Phase.RELEASED;
import static org.openkcl.shard.ShardState.Phase.RELEASING;
import static org.openkcl.shard.ShardState.Phase.STARTING;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openkcl.shard.ShardState.Call;
import org.openkcl.shard.ShardState.Phase;

/**
 * The life of a shard on one worker, as a table. {@code step} finds the first row that fits; where
 * none fits, the event came too late to matter and nothing changes.
 *
 * <p>Two rules hold throughout: at most one call into user code is under way, and the lease is not
 * released before the call under way has ended, unless user code has had its time.
 */
public final class ShardMachine {

  /** What a row asks of the state besides its phase. */
  public enum When {
    ALWAYS,
    /** No call into user code is under way. */
    IDLE,
    IDLE_DRAIN_WANTED,
    /** A call is under way. */
    BUSY,
    BUSY_DRAIN_WANTED,
    /** The call under way is leaseLost. */
    TELLING;

    boolean fits(ShardState state) {
      return switch (this) {
        case ALWAYS -> true;
        case IDLE -> !state.isBusy();
        case IDLE_DRAIN_WANTED -> !state.isBusy() && state.drainWanted();
        case BUSY -> state.isBusy();
        case BUSY_DRAIN_WANTED -> state.isBusy() && state.drainWanted();
        case TELLING -> state.call() == Call.LEASE_LOST;
      };
    }
  }

  /** One row of the table. */
  public record Row(Phase from, ShardEvent event, When when, Phase to, List<ShardEffect> effects) {}

  /**
   * The next state and what is to be done, in order.
   *
   * @param row the row that was followed; null where none fitted
   */
  public record Step(
      ShardState state, List<ShardEffect> effects, @Nullable Row row) {}

  private static final List<Row> ROWS = List.of(
      row(AWAITING_PARENTS, PARENTS_DONE, ALWAYS, STARTING, CALL_INITIALIZE),
      row(AWAITING_PARENTS, DRAIN, ALWAYS, RELEASING, RELEASE),
      row(AWAITING_PARENTS, ShardEvent.LEASE_LOST, ALWAYS, LOST, FORGET),
      //
      row(STARTING, CALL_DONE, BUSY_DRAIN_WANTED, DRAINING, CALL_SHUTDOWN_REQUESTED),
      row(STARTING, CALL_DONE, BUSY, CONSUMING, START_READING, NEXT_BATCH),
      row(STARTING, CALL_FAILED, BUSY_DRAIN_WANTED, RELEASING, RELEASE),
      row(STARTING, CALL_FAILED, BUSY, STARTING, SCHEDULE_RETRY),
      row(STARTING, RETRY_DUE, IDLE, STARTING, CALL_INITIALIZE),
      row(STARTING, DRAIN, IDLE, RELEASING, RELEASE),
      row(STARTING, DRAIN, BUSY, STARTING),
      row(STARTING, TIME_OVER, ALWAYS, RELEASING, RELEASE),
      row(STARTING, ShardEvent.LEASE_LOST, IDLE, LOST, CALL_LEASE_LOST),
      row(STARTING, ShardEvent.LEASE_LOST, BUSY, LOST),
      //
      row(CONSUMING, BATCH_READY, IDLE, CONSUMING, CALL_PROCESS_RECORDS),
      row(CONSUMING, READING_DUE, IDLE, CONSUMING, STOP_READING, START_READING, NEXT_BATCH),
      row(CONSUMING, CALL_DONE, BUSY_DRAIN_WANTED, DRAINING, STOP_READING, CALL_SHUTDOWN_REQUESTED),
      row(CONSUMING, CALL_DONE, BUSY, CONSUMING, NEXT_BATCH),
      row(
          CONSUMING,
          CALL_FAILED,
          BUSY_DRAIN_WANTED,
          DRAINING,
          STOP_READING,
          CALL_SHUTDOWN_REQUESTED),
      row(CONSUMING, CALL_FAILED, BUSY, CONSUMING, SCHEDULE_RETRY),
      row(CONSUMING, RETRY_DUE, IDLE, CONSUMING, CALL_PROCESS_RECORDS),
      row(CONSUMING, END_REACHED, IDLE, ENDING, STOP_READING, CREATE_CHILDREN),
      row(CONSUMING, DRAIN, IDLE, DRAINING, STOP_READING, CALL_SHUTDOWN_REQUESTED),
      row(CONSUMING, DRAIN, BUSY, CONSUMING),
      row(CONSUMING, TIME_OVER, ALWAYS, RELEASING, STOP_READING, RELEASE),
      row(CONSUMING, ShardEvent.LEASE_LOST, IDLE, LOST, STOP_READING, CALL_LEASE_LOST),
      row(CONSUMING, ShardEvent.LEASE_LOST, BUSY, LOST, STOP_READING),
      //
      row(DRAINING, CALL_DONE, BUSY, RELEASING, RELEASE),
      row(DRAINING, CALL_FAILED, BUSY, DRAINING, SCHEDULE_RETRY),
      row(DRAINING, RETRY_DUE, IDLE, DRAINING, CALL_SHUTDOWN_REQUESTED),
      row(DRAINING, TIME_OVER, ALWAYS, RELEASING, RELEASE),
      row(DRAINING, ShardEvent.LEASE_LOST, IDLE, LOST, CALL_LEASE_LOST),
      row(DRAINING, ShardEvent.LEASE_LOST, BUSY, LOST),
      //
      row(ENDING, CHILDREN_READY, IDLE, ENDING, CALL_SHARD_ENDED),
      row(ENDING, CALL_DONE, BUSY, ENDING, STORE_END),
      row(ENDING, END_STORED, IDLE, ENDED, FORGET),
      row(ENDING, END_REFUSED, IDLE_DRAIN_WANTED, RELEASING, RELEASE),
      row(ENDING, END_REFUSED, IDLE, ENDING, SCHEDULE_RETRY),
      row(ENDING, CALL_FAILED, BUSY_DRAIN_WANTED, RELEASING, RELEASE),
      row(ENDING, CALL_FAILED, BUSY, ENDING, SCHEDULE_RETRY),
      row(ENDING, RETRY_DUE, IDLE_DRAIN_WANTED, RELEASING, RELEASE),
      row(ENDING, RETRY_DUE, IDLE, ENDING, CALL_SHARD_ENDED),
      row(ENDING, DRAIN, ALWAYS, ENDING),
      row(ENDING, TIME_OVER, ALWAYS, RELEASING, RELEASE),
      row(ENDING, ShardEvent.LEASE_LOST, IDLE, LOST, CALL_LEASE_LOST),
      row(ENDING, ShardEvent.LEASE_LOST, BUSY, LOST),
      //
      row(RELEASING, RELEASE_DONE, IDLE, RELEASED, CALL_LEASE_LOST),
      row(RELEASING, RELEASE_DONE, BUSY, RELEASED),
      row(RELEASING, CALL_DONE, BUSY, RELEASING),
      row(RELEASING, CALL_FAILED, BUSY, RELEASING),
      //
      row(RELEASED, CALL_DONE, TELLING, RELEASED, FORGET),
      row(RELEASED, CALL_FAILED, TELLING, RELEASED, FORGET),
      row(RELEASED, CALL_DONE, BUSY, RELEASED, CALL_LEASE_LOST),
      row(RELEASED, CALL_FAILED, BUSY, RELEASED, CALL_LEASE_LOST),
      row(LOST, CALL_DONE, TELLING, LOST, FORGET),
      row(LOST, CALL_FAILED, TELLING, LOST, FORGET),
      row(LOST, CALL_DONE, BUSY, LOST, CALL_LEASE_LOST),
      row(LOST, CALL_FAILED, BUSY, LOST, CALL_LEASE_LOST));

  private ShardMachine() {}

  /** The whole table, in the order in which rows are tried. */
  public static List<Row> rows() {
    return ROWS;
  }

  /** What {@code event} makes of {@code state}. */
  public static Step step(ShardState state, ShardEvent event) {
    for (Row row : ROWS) {
      if (row.from == state.phase() && row.event == event && row.when.fits(state)) {
        return apply(row, state);
      }
    }
    return new Step(state, List.of(), null);
  }

  private static Step apply(Row row, ShardState state) {
    boolean ended = row.event == CALL_DONE || row.event == CALL_FAILED;
    Call call = ended ? Call.NONE : state.call();
    for (ShardEffect effect : row.effects) {
      if (effect.call() != Call.NONE) {
        call = effect.call();
      }
    }
    boolean drainWanted = state.drainWanted() || row.event == DRAIN;
    return new Step(new ShardState(row.to, call, drainWanted), row.effects, row);
  }

  private static Row row(
      Phase from, ShardEvent event, When when, Phase to, ShardEffect... effects) {
    return new Row(from, event, when, to, List.of(effects));
  }
}
