package org.openkcl.shard;

import java.util.function.Function;
import org.openkcl.leases.Checkpoint;
import org.openkcl.processor.ExtendedSequenceNumber;
import org.openkcl.processor.KinesisClientRecord;

/**
 * Decides what a checkpoint that an application asks for means. Immutable: a decision is a value,
 * and so is the state after it.
 *
 * <p>A position may be anything from the last checkpoint to the last record delivered. Once the
 * shard has ended, the last delivered position means the end of the shard, however often and in
 * whatever form it is asked for, and even if that position was checkpointed before.
 *
 * <p>Differences from Amazon's library, all deliberate. A record keeps its sub-sequence number, and
 * so does a prepared checkpoint with application state; there both fall back to 0 and records of an
 * aggregate are delivered again. A second attempt to end a shard is treated like the first; there
 * the shard's last position has lost its meaning by then. Sentinels other than the end of the shard
 * are refused; there LATEST can be stored over a shard that is being read, which skips its records.
 *
 * @param last the checkpoint that is stored
 * @param delivered the last position delivered; the checkpoint that reading started from before
 *     there is one
 * @param ended whether the shard is completely delivered
 */
public record CheckpointRules(Checkpoint last, Checkpoint delivered, boolean ended) {

  /** What to do about a request. */
  public sealed interface Decision {

    /** Calls the function for the case that this is. */
    <T> T match(
        Function<Checkpoint, T> store, Function<Checkpoint, T> nothing, Function<String, T> refuse);
  }

  /** The checkpoint is to be stored, or prepared. */
  public record Store(Checkpoint checkpoint) implements Decision {
    @Override
    public <T> T match(
        Function<Checkpoint, T> store,
        Function<Checkpoint, T> nothing,
        Function<String, T> refuse) {
      return store.apply(checkpoint);
    }
  }

  /** The checkpoint is the one that is stored: nothing to write, and a success. */
  public record Nothing(Checkpoint checkpoint) implements Decision {
    @Override
    public <T> T match(
        Function<Checkpoint, T> store,
        Function<Checkpoint, T> nothing,
        Function<String, T> refuse) {
      return nothing.apply(checkpoint);
    }
  }

  /** The request is wrong: the message of an {@link IllegalArgumentException}. */
  public record Refuse(String message) implements Decision {
    @Override
    public <T> T match(
        Function<Checkpoint, T> store,
        Function<Checkpoint, T> nothing,
        Function<String, T> refuse) {
      return refuse.apply(message);
    }
  }

  /** The rules for a shard whose reading starts after a stored checkpoint. */
  public static CheckpointRules startingAt(Checkpoint stored) {
    return new CheckpointRules(stored, stored, stored.isShardEnd());
  }

  /** After records up to a position were delivered. A position before the last one changes nothing. */
  public CheckpointRules afterDelivery(Checkpoint position) {
    return position.compareTo(delivered) > 0 ? new CheckpointRules(last, position, ended) : this;
  }

  /** After the last record of the shard was delivered. */
  public CheckpointRules afterShardEnd() {
    return new CheckpointRules(last, delivered, true);
  }

  /** After a checkpoint was stored. */
  public CheckpointRules afterStore(Checkpoint stored) {
    return new CheckpointRules(stored, delivered, ended);
  }

  /** Whether everything that was delivered is checkpointed, so that nothing would be repeated. */
  public boolean isEverythingCheckpointed() {
    return last.compareTo(delivered) >= 0;
  }

  /** {@code checkpoint()} and {@code prepareCheckpoint()}: everything delivered so far. */
  public Decision everything() {
    return decide(delivered);
  }

  /** A record, with its sub-sequence number. */
  public Decision at(KinesisClientRecord record) {
    return at(record.sequenceNumber(), record.subSequenceNumber());
  }

  /** A sequence number without sub-sequence number, or a sentinel's name. */
  public Decision at(String sequenceNumber) {
    return at(sequenceNumber, 0);
  }

  /** A sequence number with sub-sequence number. */
  public Decision at(String sequenceNumber, long subSequenceNumber) {
    Checkpoint asked;
    try {
      asked = new Checkpoint(sequenceNumber, subSequenceNumber);
    } catch (IllegalArgumentException malformed) {
      return new Refuse(String.valueOf(malformed.getMessage()));
    }
    return decide(asked);
  }

  /** A position prepared earlier, to be committed now. */
  public Decision at(ExtendedSequenceNumber prepared) {
    return decide(checkpointOf(prepared));
  }

  private Decision decide(Checkpoint asked) {
    // The end of the shard is settled first: its last position may well equal the last checkpoint.
    Checkpoint position = ended && asked.equals(delivered) ? Checkpoint.SHARD_END : asked;
    if (position.equals(last)) {
      return new Nothing(position);
    }
    boolean isPlace = position.isShardEnd() ? ended : !position.isSentinel();
    boolean isInRange = position.compareTo(last) >= 0
        && (position.isShardEnd() || position.compareTo(delivered) <= 0);
    if (!isPlace || !isInRange) {
      return new Refuse(
          "A checkpoint must be from the last checkpoint to the last position delivered: got "
              + asked
              + ", last checkpoint "
              + last
              + ", delivered "
              + delivered
              + ". Checkpoint a record that this processor was given.");
    }
    return new Store(position);
  }

  /** The lease table's form of a public position. */
  public static Checkpoint checkpointOf(ExtendedSequenceNumber position) {
    return new Checkpoint(position.sequenceNumber(), position.subSequenceNumber());
  }

  /** The public form of a lease table's position. */
  public static ExtendedSequenceNumber extendedSequenceNumberOf(Checkpoint position) {
    return new ExtendedSequenceNumber(position.sequenceNumber(), position.subSequenceNumber());
  }
}
