package org.openkcl.leases.dynamodb;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openkcl.leases.Lease;
import org.openkcl.leases.TableView;
import org.openkcl.leases.WorkerRecord;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/** What the pages of one scan have brought so far. Pages are added one after the other. */
final class ScannedPages {
  private final List<Lease> leases = new ArrayList<>();
  private final List<WorkerRecord> workers = new ArrayList<>();
  private final List<TableView.Malformed> malformed = new ArrayList<>();
  private double readUnits;

  void add(ScanResponse page) {
    long bytes = 0;
    for (Map<String, AttributeValue> item : page.items()) {
      boolean unused = LeaseItems.read(item)
          .match(
              lease -> leases.add(lease.lease()),
              worker -> workers.add(worker.worker()),
              bad -> malformed.add(bad.malformed()),
              other -> false);
      bytes += ItemSize.of(item);
    }
    boolean told =
        page.consumedCapacity() != null && page.consumedCapacity().capacityUnits() != null;
    readUnits += told ? page.consumedCapacity().capacityUnits() : ItemSize.readUnits(bytes);
  }

  TableView view() {
    return new TableView(leases, workers, malformed, readUnits);
  }
}
