package org.openkcl.records;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.RecordDecoder;

/**
 * Calls the application's decoder for a batch, and holds it to its contract. Safe for use by any
 * thread; one that may block.
 */
public final class Decoding {
  private final RecordDecoder decoder;

  public Decoding(RecordDecoder decoder) {
    this.decoder = decoder;
  }

  /**
   * What became of a batch.
   *
   * @param records for the processor; empty when it is to be decoded again
   * @param failed how many records could not be decoded
   * @param again whether the batch is to be decoded again later
   * @param failure of the first that could not be decoded; null if all could
   */
  public record Decoded(
      List<KinesisClientRecord> records,
      int failed,
      boolean again,
      @Nullable Throwable failure) {
    public Decoded {
      records = List.copyOf(records);
    }
  }

  /** Decodes a batch; never throws. */
  public Decoded decode(List<KinesisClientRecord> records) {
    List<KinesisClientRecord> decoded = new ArrayList<>(records.size());
    int failed = 0;
    Throwable first = null;
    for (KinesisClientRecord record : records) {
      try {
        decoded.add(checked(record, decoder.decode(record)));
      } catch (Throwable thrown) { // whatever user code throws is the record's business only
        failed++;
        first = first == null ? thrown : first;
        switch (becomesOf(record, thrown)) {
          case DELIVER_AS_IT_IS -> decoded.add(record);
          case RETRY -> {
            return new Decoded(List.of(), failed, true, thrown);
          }
          case DROP -> {}
        }
      }
    }
    return new Decoded(decoded, failed, false, first);
  }

  private RecordDecoder.Failure becomesOf(KinesisClientRecord record, Throwable thrown) {
    try {
      return decoder.whenFailed(record, thrown);
    } catch (Throwable again) { // nothing is lost by a decoder that cannot even say what it wants
      return RecordDecoder.Failure.DELIVER_AS_IT_IS;
    }
  }

  private static KinesisClientRecord checked(
      KinesisClientRecord given, @Nullable KinesisClientRecord decoded) {
    if (decoded == null
        || !decoded.sequenceNumber().equals(given.sequenceNumber())
        || decoded.subSequenceNumber() != given.subSequenceNumber()) {
      throw new IllegalStateException(
          "A decoder must return a record at the position of the one it was given: got "
              + decoded
              + " for "
              + given
              + ". Build it with record.toBuilder().");
    }
    return decoded;
  }
}
