package org.openkcl.metrics.publish;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openkcl.metrics.MetricDatum;
import org.openkcl.metrics.MetricIdentity;

/**
 * What has not been accepted yet: one datum per series, in the order in which series came, and no
 * more series than the limit. Confined to one event loop.
 */
final class PendingData {
  private final Map<MetricIdentity, MetricDatum> data = new LinkedHashMap<>();
  private final int limit;

  PendingData(int limit) {
    this.limit = limit;
  }

  /**
   * Keeps data, each merged with what is there of its series.
   *
   * @return how many values had no room
   */
  long add(List<MetricDatum> more) {
    long dropped = 0;
    for (MetricDatum datum : more) {
      MetricDatum known = data.get(datum.identity());
      if (known != null) {
        data.put(datum.identity(), known.merge(datum));
      } else if (data.size() < limit) {
        data.put(datum.identity(), datum);
      } else {
        dropped += datum.statistics().count();
      }
    }
    return dropped;
  }

  /** Takes out the first {@code most} data, or fewer if there are not so many. */
  List<MetricDatum> take(int most) {
    List<MetricDatum> taken = new ArrayList<>(Math.min(most, data.size()));
    Iterator<MetricDatum> all = data.values().iterator();
    while (all.hasNext() && taken.size() < most) {
      taken.add(all.next());
      all.remove();
    }
    return taken;
  }

  int size() {
    return data.size();
  }
}
