package org.openkcl.leases.dynamodb;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;

/**
 * One of several parts of a table that are scanned side by side.
 *
 * @param number 0 to {@code total - 1}
 * @param total 1 scans the whole table in one sequence of pages
 */
record ScanSegment(int number, int total) {
  /** The whole table. */
  static final ScanSegment WHOLE = new ScanSegment(0, 1);

  static List<ScanSegment> all(int total) {
    List<ScanSegment> segments = new ArrayList<>();
    for (int number = 0; number < total; number++) {
      segments.add(new ScanSegment(number, total));
    }
    return segments;
  }

  ScanRequest.Builder of(ScanRequest.Builder request) {
    return total == 1 ? request : request.segment(number).totalSegments(total);
  }
}
