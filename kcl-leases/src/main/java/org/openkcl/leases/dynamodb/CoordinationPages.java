package org.openkcl.leases.dynamodb;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.CoordinationView;
import org.openkcl.leases.ForeignWorker;
import org.openkcl.leases.LeaderLock;
import org.openkcl.leases.Migration;
import org.openkcl.leases.StreamNote;
import org.openkcl.leases.WorkerRecord;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/** The items that are no leases of one scan, as far as it has come. */
final class CoordinationPages {
  private @Nullable LeaderLock lock;
  private final List<WorkerRecord> workers = new ArrayList<>();
  private final List<ForeignWorker> foreignWorkers = new ArrayList<>();
  private final List<Migration> migrations = new ArrayList<>();
  private final List<StreamNote> streams = new ArrayList<>();
  private double readUnits;

  /** Adds a page of a table that holds no leases. */
  void add(ScanResponse page, CoordinationWrites table) {
    long bytes = 0;
    for (Map<String, AttributeValue> item : page.items()) {
      AttributeValue value = item.get(table.keyName());
      String key = value == null || value.s() == null ? "" : value.s();
      boolean ofWorkers = table.keyName().equals(Attributes.METRICS_KEY);
      add(key, ofWorkers ? Attributes.WORKER : CoordinationItems.typeOf(key, item), item);
      bytes += ItemSize.of(item);
    }
    readUnits += ScannedPages.readUnits(page, bytes);
  }

  /**
   * @param type as {@link CoordinationItems#typeOf} says; other types are passed over
   */
  void add(String key, String type, Map<String, AttributeValue> item) {
    switch (type) {
      case Attributes.LOCK -> CoordinationItems.lock(item).ifPresent(found -> lock = found);
      case Attributes.WORKER -> {
        CoordinationItems.worker(key, item).ifPresent(workers::add);
        CoordinationItems.foreignWorker(key, item).ifPresent(foreignWorkers::add);
      }
      case Attributes.CLIENT_MIGRATION -> addMigration(Migration.Subject.CLIENT_VERSION, item);
      case Attributes.TABLE_MIGRATION -> addMigration(Migration.Subject.TABLES, item);
      case Attributes.STREAM -> CoordinationItems.stream(key, item).ifPresent(streams::add);
      default -> {}
    }
  }

  /** What was seen, and what those pages cost that held no leases. */
  CoordinationView view() {
    return new CoordinationView(lock, workers, foreignWorkers, migrations, streams, readUnits);
  }

  private void addMigration(Migration.Subject subject, Map<String, AttributeValue> item) {
    CoordinationItems.migration(subject, item).ifPresent(migrations::add);
  }
}
