package org.openkcl.leases.dynamodb;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.ForeignWorker;
import org.openkcl.leases.LeaderLock;
import org.openkcl.leases.Migration;
import org.openkcl.leases.StreamNote;
import org.openkcl.leases.WorkerCapacity;
import org.openkcl.leases.WorkerMetrics;
import org.openkcl.leases.WorkerRecord;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Items that are no leases as values and values as items, all but their keys, which differ between
 * tables. Pure. What cannot be understood reads as absent: nobody needs such an item to read a
 * shard, and nobody but its writer can mend it.
 */
final class CoordinationItems {
  static final String LOCK_KEY = "Leader";
  static final String CLIENT_MIGRATION_KEY = "Migration3.0";
  static final String TABLE_MIGRATION_KEY = "TableMigration3.5";

  private static final String FORMAT = "1";

  private CoordinationItems() {}

  /** Under which key a migration is kept. */
  static String keyOf(Migration.Subject subject) {
    return switch (subject) {
      case CLIENT_VERSION -> CLIENT_MIGRATION_KEY;
      case TABLES -> TABLE_MIGRATION_KEY;
    };
  }

  /** What an item is whose {@code entityType} may be missing or unknown: its key tells. */
  static String typeOf(String key, Map<String, AttributeValue> item) {
    AttributeValue given = item.get(Attributes.ENTITY_TYPE);
    if (given != null && given.s() != null && Attributes.OTHER_ENTITIES.contains(given.s())) {
      return given.s();
    }
    return switch (key) {
      case LOCK_KEY -> Attributes.LOCK;
      case CLIENT_MIGRATION_KEY -> Attributes.CLIENT_MIGRATION;
      case TABLE_MIGRATION_KEY -> Attributes.TABLE_MIGRATION;
      default -> "";
    };
  }

  static Map<String, AttributeValue> attributes(LeaderLock lock) {
    Map<String, AttributeValue> item = typed(Attributes.LOCK);
    item.put(Attributes.LOCK_OWNER, text(lock.owner()));
    item.put(Attributes.LOCK_DURATION, text(Long.toString(lock.leaseDuration().toMillis())));
    item.put(Attributes.LOCK_VERSION, text(lock.version()));
    if (lock.released()) {
      item.put(Attributes.LOCK_RELEASED, text("1"));
    }
    if (lock.ofOpenKcl()) {
      item.put(Attributes.FORMAT, AttributeValue.fromN(FORMAT));
    }
    return item;
  }

  static Optional<LeaderLock> lock(Map<String, AttributeValue> item) {
    ItemReader reader = new ItemReader(item);
    String owner = reader.text(Attributes.LOCK_OWNER);
    String duration = reader.text(Attributes.LOCK_DURATION);
    String version = reader.text(Attributes.LOCK_VERSION);
    if (owner == null || duration == null || version == null) {
      return Optional.empty();
    }
    boolean released = "1".equals(reader.text(Attributes.LOCK_RELEASED));
    return Optional.ofNullable(reader.checked(
        Attributes.LOCK_DURATION,
        "milliseconds as a text, 1 or more",
        () -> new LeaderLock(
            owner,
            Duration.ofMillis(Long.parseLong(duration)),
            version,
            released,
            reader.has(Attributes.FORMAT))));
  }

  static Map<String, AttributeValue> attributes(Migration migration) {
    Map<String, AttributeValue> item = step(
        migration.subject(), migration.state(), migration.modifiedBy(), migration.modifiedAt());
    item.putAll(typed(
        migration.subject() == Migration.Subject.TABLES
            ? Attributes.TABLE_MIGRATION
            : Attributes.CLIENT_MIGRATION));
    List<AttributeValue> history = new ArrayList<>();
    for (Migration.Step step : migration.history()) {
      history.add(AttributeValue.fromM(
          step(migration.subject(), step.state(), step.modifiedBy(), step.modifiedAt())));
    }
    item.put(Attributes.HISTORY, AttributeValue.fromL(history));
    return item;
  }

  static Optional<Migration> migration(
      Migration.Subject subject, Map<String, AttributeValue> item) {
    ItemReader reader = new ItemReader(item);
    Migration.Step now = step(subject, reader);
    List<Migration.Step> history = new ArrayList<>();
    for (ItemReader entry : reader.entries(Attributes.HISTORY)) {
      Migration.Step step = step(subject, entry);
      if (step != null) {
        history.add(step);
      }
    }
    return now == null
        ? Optional.empty()
        : Optional.of(
            new Migration(subject, now.state(), now.modifiedBy(), now.modifiedAt(), history));
  }

  /** The attributes of a worker of ours. It supports one table, since it follows whatever is there. */
  static Map<String, AttributeValue> attributes(WorkerRecord worker) {
    ForeignWorker.Support support =
        new ForeignWorker.Support(ForeignWorker.Support.SINGLE_TABLE, worker.writtenAt());
    Map<String, AttributeValue> item = attributes(
        new ForeignWorker(worker.workerId(), worker.writtenAt(), worker.metrics(), support));
    item.put(Attributes.BEAT, number(worker.beat()));
    item.put(Attributes.LEAVING, AttributeValue.fromBool(worker.leaving()));
    WorkerCapacity capacity = worker.capacity();
    item.put(Attributes.WEIGHT, AttributeValue.fromN(Double.toString(capacity.weight())));
    item.put(Attributes.MAX_LEASES, number(capacity.isLimited() ? capacity.maxLeases() : 0));
    item.put(Attributes.FORMAT, AttributeValue.fromN(FORMAT));
    return item;
  }

  /** The attributes of a worker of Amazon's. */
  static Map<String, AttributeValue> attributes(ForeignWorker worker) {
    Map<String, AttributeValue> item = typed(Attributes.WORKER);
    item.put(Attributes.LAST_UPDATE, number(worker.writtenAt().getEpochSecond()));
    item.put(Attributes.METRICS, numbers(worker.metrics().averages()));
    item.put(Attributes.OPERATING_RANGE, numbers(worker.metrics().operatingRange()));
    if (!worker.metrics().properties().isEmpty()) {
      Map<String, AttributeValue> properties = new HashMap<>();
      worker.metrics().properties().forEach((name, value) -> properties.put(name, text(value)));
      item.put(Attributes.PROPERTIES, AttributeValue.fromM(properties));
    }
    ForeignWorker.Support support = worker.support();
    if (support != null) {
      item.put(Attributes.SUPPORT, number(support.feature()));
      item.put(Attributes.SUPPORT_UPDATE, number(support.writtenAt().getEpochSecond()));
    }
    return item;
  }

  /** A worker of ours; empty when it is one of Amazon's. */
  static Optional<WorkerRecord> worker(String id, Map<String, AttributeValue> item) {
    ItemReader reader = new ItemReader(item);
    if (id.isEmpty() || !reader.has(Attributes.BEAT)) {
      return Optional.empty();
    }
    long beat = reader.wholeNumber(Attributes.BEAT);
    boolean leaving = reader.flag(Attributes.LEAVING);
    Instant writtenAt = reader.instant(Attributes.LAST_UPDATE, Instant::ofEpochSecond);
    WorkerMetrics metrics = metrics(reader);
    WorkerCapacity capacity = capacity(reader);
    return writtenAt == null || !reader.problems().isEmpty()
        ? Optional.empty()
        : Optional.of(new WorkerRecord(id, beat, leaving, writtenAt, metrics, capacity));
  }

  /** What an older version of ours does not say counts as much as any other's. */
  private static WorkerCapacity capacity(ItemReader reader) {
    Double weight = reader.number(Attributes.WEIGHT);
    return WorkerCapacity.nearest(
        weight == null ? 1 : weight, reader.wholeNumber(Attributes.MAX_LEASES, 0));
  }

  /** A worker of Amazon's; empty when it is one of ours. */
  static Optional<ForeignWorker> foreignWorker(String id, Map<String, AttributeValue> item) {
    ItemReader reader = new ItemReader(item);
    Instant writtenAt = reader.instant(Attributes.LAST_UPDATE, Instant::ofEpochSecond);
    WorkerMetrics metrics = metrics(reader);
    Instant saidAt = reader.instant(Attributes.SUPPORT_UPDATE, Instant::ofEpochSecond);
    long feature = reader.wholeNumber(Attributes.SUPPORT, 0);
    if (id.isEmpty()
        || reader.has(Attributes.BEAT)
        || writtenAt == null
        || !reader.problems().isEmpty()) {
      return Optional.empty();
    }
    ForeignWorker.Support support = reader.has(Attributes.SUPPORT) && saidAt != null
        ? new ForeignWorker.Support(feature, saidAt)
        : null;
    return Optional.of(new ForeignWorker(id, writtenAt, metrics, support));
  }

  static Optional<StreamNote> stream(String key, Map<String, AttributeValue> item) {
    String id = new ItemReader(item).text(Attributes.STREAM_ID);
    return id == null ? Optional.empty() : Optional.of(new StreamNote(key, id));
  }

  static Map<String, AttributeValue> attributes(StreamNote stream) {
    Map<String, AttributeValue> item = typed(Attributes.STREAM);
    item.put(Attributes.STREAM_ID, text(stream.streamId()));
    return item;
  }

  private static WorkerMetrics metrics(ItemReader reader) {
    return new WorkerMetrics(
        reader.numbersByName(Attributes.METRICS),
        reader.numbersByName(Attributes.OPERATING_RANGE),
        reader.textsByName(Attributes.PROPERTIES));
  }

  private static Map<String, AttributeValue> step(
      Migration.Subject subject, String state, String by, Instant at) {
    Map<String, AttributeValue> step = new HashMap<>();
    step.put(stateName(subject), text(state));
    step.put(Attributes.MODIFIED_BY, text(by));
    step.put(Attributes.MODIFIED_AT, number(at.toEpochMilli()));
    return step;
  }

  private static Migration.@Nullable Step step(Migration.Subject subject, ItemReader reader) {
    String state = reader.text(stateName(subject));
    String by = reader.text(Attributes.MODIFIED_BY);
    Instant at = reader.instant(Attributes.MODIFIED_AT, Instant::ofEpochMilli);
    return state == null || by == null || at == null ? null : new Migration.Step(state, by, at);
  }

  static String stateName(Migration.Subject subject) {
    return subject == Migration.Subject.TABLES
        ? Attributes.TABLE_STATUS
        : Attributes.CLIENT_VERSION;
  }

  private static Map<String, AttributeValue> typed(String entityType) {
    Map<String, AttributeValue> item = new HashMap<>();
    item.put(Attributes.ENTITY_TYPE, text(entityType));
    return item;
  }

  private static AttributeValue numbers(Map<String, List<Double>> lists) {
    Map<String, AttributeValue> item = new HashMap<>();
    lists.forEach((name, list) -> item.put(
        name, AttributeValue.fromL(list.stream().map(CoordinationItems::number).toList())));
    return AttributeValue.fromM(item);
  }

  /** Whole numbers without a point: Amazon's library reads some of them as integers. */
  private static AttributeValue number(double value) {
    BigDecimal decimal = BigDecimal.valueOf(value).stripTrailingZeros();
    return AttributeValue.fromN(decimal.toPlainString());
  }

  private static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }

  private static AttributeValue text(String text) {
    return AttributeValue.fromS(text);
  }
}
