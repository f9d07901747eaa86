package org.openkcl.records;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.HashKeyRange;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.OddRecord;
import org.openkcl.processor.OddRecord.DeadLetters;
import org.openkcl.processor.OddRecord.Treatment;
import org.openkcl.records.AggregateFormat.Contents;

/**
 * Makes records as they are in the stream into those that producers were given: aggregates are taken
 * apart, what was processed before the start is left out, and odd records are treated as the rules
 * say. What the rules do not forbid is kept: no failure of user code loses a record.
 *
 * <p>Pure but for the dead letters that it calls. Safe for use by any thread; one that may block.
 */
public final class UserRecords {
  private final AggregateRules rules;
  private final String shardId;
  private final @Nullable HashKeyRange hashKeys;

  /**
   * @param shardId told to dead letters
   * @param hashKeys those of the shard; null when not known, and then no record is foreign
   */
  public UserRecords(AggregateRules rules, String shardId, @Nullable HashKeyRange hashKeys) {
    this.rules = rules;
    this.shardId = shardId;
    this.hashKeys = hashKeys;
  }

  /**
   * What became of a batch.
   *
   * @param records for the processor, oldest first
   * @param findings about odd ones, oldest first
   */
  public record Opened(List<KinesisClientRecord> records, List<Finding> findings) {
    public Opened {
      records = List.copyOf(records);
      findings = List.copyOf(findings);
    }
  }

  /**
   * Odd records that came in one record of the stream and were treated alike.
   *
   * @param count how many user records
   * @param sequenceNumber of the record of the stream
   * @param detail what was found, for people
   */
  public record Finding(
      OddRecord.Kind kind, Treatment treatment, int count, String sequenceNumber, String detail) {}

  /** Whether any of these records has to be looked into; cheap. */
  public boolean isWorkFor(List<KinesisClientRecord> records) {
    if (!rules.takenApart()) {
      return false;
    }
    for (KinesisClientRecord record : records) {
      if (AggregateFormat.seemsToBe(record)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Opens a batch.
   *
   * @param records as they are in the stream, oldest first
   * @param processed user records up to and including this one are left out; a sentinel leaves
   *     nothing out
   */
  public Opened open(List<KinesisClientRecord> records, Checkpoint processed) {
    BigInteger last = processed.isSentinel() ? null : new BigInteger(processed.sequenceNumber());
    List<KinesisClientRecord> opened = new ArrayList<>(records.size());
    List<Finding> findings = new ArrayList<>();
    for (KinesisClientRecord record : records) {
      int order = last == null ? 1 : new BigInteger(record.sequenceNumber()).compareTo(last);
      if (order >= 0) {
        Contents contents = rules.takenApart()
            ? AggregateFormat.takeApart(record, hashKeys)
            : Contents.whole(record);
        List<KinesisClientRecord> unprocessed =
            ProcessedRecords.dropFrom(contents.records(), processed);
        addTo(opened, findings, contents, unprocessed);
      }
      if (order > 0) {
        last = null; // all that follow are new
      }
    }
    return new Opened(opened, findings);
  }

  /** Adds what the processor is to be given of one record's contents. */
  private void addTo(
      List<KinesisClientRecord> opened,
      List<Finding> findings,
      Contents contents,
      List<KinesisClientRecord> unprocessed) {
    OddRecord.Kind kind = contents.kind();
    if (kind == null || unprocessed.isEmpty()) {
      opened.addAll(unprocessed);
      return;
    }
    int skipped = contents.records().size() - unprocessed.size();
    boolean all = kind == OddRecord.Kind.FOREIGN && rules.foreignSpoilsAggregate();
    Map<Treatment, Integer> counts = new EnumMap<>(Treatment.class);
    String[] trouble = {""};
    IntStream.range(0, unprocessed.size()).forEach(i -> {
      KinesisClientRecord record = unprocessed.get(i);
      if (!all && !contents.odd().get(skipped + i)) {
        opened.add(record);
        return;
      }
      Treatment treatment = treat(new OddRecord(shardId, kind, record, contents.detail()), trouble);
      counts.merge(treatment, 1, Integer::sum);
      if (treatment == Treatment.DELIVER) {
        opened.add(record);
      }
    });
    String sequenceNumber = unprocessed.get(0).sequenceNumber();
    counts.forEach((treatment, count) -> findings.add(
        new Finding(kind, treatment, count, sequenceNumber, contents.detail() + trouble[0])));
  }

  private Treatment treat(OddRecord odd, String[] trouble) {
    Treatment wanted = rules.of(odd.kind());
    DeadLetters deadLetters = rules.deadLetters();
    if (wanted != Treatment.DEAD_LETTER || deadLetters == null) {
      return wanted;
    }
    try {
      deadLetters.accept(odd);
      return Treatment.DEAD_LETTER;
    } catch (Throwable thrown) { // user code may throw anything; the record must not be lost by it
      trouble[0] = "; the dead letters did not take it and threw " + thrown;
      return Treatment.DELIVER;
    }
  }
}
