package org.openkcl.leases.dynamodb;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openkcl.leases.CoordinationView;
import org.openkcl.leases.Lease;
import org.openkcl.leases.TableView;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/** What the pages of one segment of a scan have brought so far. Pages are added one after the other. */
final class ScannedPages {
  private final List<Lease> leases = new ArrayList<>();
  private final CoordinationPages others = new CoordinationPages();
  private final List<TableView.Malformed> malformed = new ArrayList<>();
  private double readUnits;
  private long bytes;

  void add(ScanResponse page) {
    long pageBytes = 0;
    for (Map<String, AttributeValue> item : page.items()) {
      boolean unused = LeaseItems.read(item)
          .match(
              lease -> leases.add(lease.lease()), bad -> malformed.add(bad.malformed()), other -> {
                others.add(other.key(), other.entityType(), other.item());
                return true;
              });
      pageBytes += ItemSize.of(item);
    }
    bytes += pageBytes;
    readUnits += readUnits(page, pageBytes);
  }

  /** What a page cost, as the service says or, where it does not, by the size of the items. */
  static double readUnits(ScanResponse page, long bytes) {
    boolean told =
        page.consumedCapacity() != null && page.consumedCapacity().capacityUnits() != null;
    return told ? page.consumedCapacity().capacityUnits() : ItemSize.readUnits(bytes);
  }

  /** The size of all items seen. */
  static long bytes(List<ScannedPages> segments) {
    return segments.stream().mapToLong(segment -> segment.bytes).sum();
  }

  /** What all segments together have seen. */
  static TableView view(List<ScannedPages> segments) {
    List<Lease> leases = new ArrayList<>();
    List<TableView.Malformed> malformed = new ArrayList<>();
    CoordinationView others = CoordinationView.EMPTY;
    double readUnits = 0;
    for (ScannedPages segment : segments) {
      leases.addAll(segment.leases);
      malformed.addAll(segment.malformed);
      others = others.and(segment.others.view());
      readUnits += segment.readUnits;
    }
    return new TableView(leases, others, malformed, readUnits);
  }
}
