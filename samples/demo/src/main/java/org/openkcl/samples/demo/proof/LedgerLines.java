package org.openkcl.samples.demo.proof;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.openkcl.samples.demo.proof.Milestone.Call;

/** The ledgers' text: one line for each thing, fields parted by tabs, a word of its kind first. */
final class LedgerLines {
  private static final String HEAD = "processor";
  private static final String CALL = "call";
  private static final String RECORD = "record";
  private static final String PUT = "put";
  private static final String SHARD = "shard";

  private LedgerLines() {}

  static String head(String worker, String shardId, int ordinal) {
    return line(HEAD, worker, shardId, ordinal);
  }

  static String of(Milestone milestone) {
    return line(CALL, milestone.atMicros(), milestone.call());
  }

  static String of(Delivery delivery) {
    return line(
        RECORD,
        delivery.atMicros(),
        delivery.sequenceNumber(),
        delivery.origin(),
        delivery.delayMinutes(),
        delivery.payloadCrc());
  }

  static String of(PutRecord put) {
    return line(
        PUT, put.atMicros(), put.shardId(), put.sequenceNumber(), put.origin(), put.payloadCrc());
  }

  static String ofShard(String shardId, List<String> parents) {
    List<Object> fields = new ArrayList<>(List.of(SHARD, shardId));
    fields.addAll(parents);
    return line(fields.toArray());
  }

  private static String line(Object... fields) {
    StringBuilder line = new StringBuilder();
    for (Object field : fields) {
      line.append(line.isEmpty() ? "" : "\t").append(field);
    }
    return line.append('\n').toString();
  }

  /**
   * The shard that a processor's first line names.
   *
   * @throws IllegalArgumentException if that is none
   */
  static String shardOfHead(String line) {
    List<String> fields = expect(Arrays.asList(line.split("\t", -1)), 4);
    if (!fields.get(0).equals(HEAD)) {
      throw new IllegalArgumentException("a ledger begins with its processor");
    }
    return fields.get(2);
  }

  /** The record that a processor's line is about; empty if it is about none. */
  static Optional<String> sequenceNumberOf(String line) {
    return line.startsWith(RECORD + "\t") ? Optional.of(line.split("\t", 4)[2]) : Optional.empty();
  }

  /** Words that come in many lines, each kept once. */
  private static final class Words {
    private final Map<String, String> known = new HashMap<>();

    String of(String word) {
      String before = known.putIfAbsent(word, word);
      return before == null ? word : before;
    }
  }

  /** One processor's ledger in the reading. */
  static final class ProcessorLines {
    private final Words words = new Words();
    private final List<Delivery> deliveries = new ArrayList<>();
    private final List<Milestone> milestones = new ArrayList<>();
    private List<String> head = List.of();

    /**
     * Takes the next line.
     *
     * @throws IllegalArgumentException if that is none
     */
    void add(String line) {
      List<String> fields = Arrays.asList(line.split("\t", -1));
      switch (fields.get(0)) {
        case HEAD -> head = expect(fields, 4);
        case CALL -> {
          expect(fields, 3);
          milestones.add(new Milestone(Long.parseLong(fields.get(1)), Call.valueOf(fields.get(2))));
        }
        case RECORD -> {
          expect(fields, 6);
          deliveries.add(new Delivery(
              Long.parseLong(fields.get(1)),
              fields.get(2),
              words.of(fields.get(3)),
              Integer.parseInt(fields.get(4)),
              Integer.parseInt(fields.get(5))));
        }
        default -> throw new IllegalArgumentException("unknown kind of line");
      }
    }

    /** What was read so far; empty before the head. */
    Optional<Incarnation> incarnation() {
      return head.isEmpty()
          ? Optional.empty()
          : Optional.of(new Incarnation(
              head.get(1), head.get(2), Integer.parseInt(head.get(3)), deliveries, milestones));
    }
  }

  /** The producer's ledger in the reading. */
  static final class ProducerLines {
    private final Words words = new Words();
    private final List<PutRecord> puts = new ArrayList<>();
    private final Map<String, List<String>> parents = new TreeMap<>();

    /**
     * Takes the next line.
     *
     * @throws IllegalArgumentException if that is none
     */
    void add(String line) {
      List<String> fields = Arrays.asList(line.split("\t", -1));
      switch (fields.get(0)) {
        case PUT -> {
          expect(fields, 6);
          puts.add(new PutRecord(
              Long.parseLong(fields.get(1)),
              words.of(fields.get(2)),
              fields.get(3),
              words.of(fields.get(4)),
              Integer.parseInt(fields.get(5))));
        }
        case SHARD -> parents.put(fields.get(1), List.copyOf(fields.subList(2, fields.size())));
        default -> throw new IllegalArgumentException("unknown kind of line");
      }
    }

    Production production() {
      return new Production(puts, parents);
    }
  }

  private static List<String> expect(List<String> fields, int count) {
    if (fields.size() != count) {
      throw new IllegalArgumentException(count + " fields expected");
    }
    return fields;
  }
}
