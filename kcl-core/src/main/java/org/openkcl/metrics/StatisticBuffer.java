package org.openkcl.metrics;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What was measured since the last flush, one {@link StatisticSet} per series. Nothing that is
 * recorded is lost or counted twice, whichever thread it comes from.
 *
 * <p>Confined to one event loop, but for {@link Recorder#record} and {@link #dropped}.
 */
public final class StatisticBuffer implements Recorders {
  private final Map<MetricIdentity, Series> series = new LinkedHashMap<>();
  private final LongAdder dropped = new LongAdder();
  private final int limit;

  /**
   * A buffer of nothing yet.
   *
   * @param limit how many series it takes; the values of any more are dropped
   */
  public StatisticBuffer(int limit) {
    this.limit = limit;
  }

  /**
   * Where the values of a series go. Two recorders of one series add to the same statistics. To be
   * closed when there are no more values.
   */
  @Override
  public Recorder recorder(MetricIdentity identity) {
    Series known = series.get(identity);
    if (known == null) {
      if (series.size() >= limit) {
        return value -> dropped.increment();
      }
      known = new Series();
      series.put(identity, known);
    }
    known.users++;
    return new Handle(known);
  }

  /**
   * Takes out what was recorded since the last time, for series that had a value. Series without
   * recorders are forgotten.
   *
   * @param at what the data are dated
   */
  public List<MetricDatum> drain(Instant at) {
    List<MetricDatum> data = new ArrayList<>();
    Iterator<Map.Entry<MetricIdentity, Series>> all = series.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<MetricIdentity, Series> next = all.next();
      next.getValue()
          .take()
          .ifPresent(taken -> data.add(new MetricDatum(next.getKey(), taken, at)));
      if (next.getValue().users == 0) {
        all.remove();
      }
    }
    return data;
  }

  /** How many values were dropped because there were too many series. May be called anywhere. */
  @Override
  public long dropped() {
    return dropped.sum();
  }

  private static final class Handle implements Recorder {
    private final Series series;
    private boolean closed;

    private Handle(Series series) {
      this.series = series;
    }

    @Override
    public void record(double value) {
      series.record(value);
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        series.users--;
      }
    }
  }

  /**
   * The statistics belong to whoever has taken them out, so that sum and count change together
   * although threads do not wait for each other. A thread that finds none begins new ones, and
   * whoever finds others when it puts its own back unites them.
   */
  private static final class Series {
    private final AtomicReference<@Nullable Sums> kept = new AtomicReference<>();
    private int users;

    private void record(double value) {
      if (!Double.isFinite(value)) {
        return;
      }
      Sums mine = kept.getAndSet(null);
      if (mine == null) {
        mine = new Sums();
      }
      mine.add(value);
      while (!kept.compareAndSet(null, mine)) {
        Sums other = kept.getAndSet(null);
        if (other != null) {
          mine.add(other);
        }
      }
    }

    private Optional<StatisticSet> take() {
      return Optional.ofNullable(kept.getAndSet(null)).map(Sums::value);
    }
  }

  private static final class Sums {
    private double minimum = Double.POSITIVE_INFINITY;
    private double maximum = Double.NEGATIVE_INFINITY;
    private double sum;
    private long count;

    private void add(double value) {
      minimum = Math.min(minimum, value);
      maximum = Math.max(maximum, value);
      sum += value;
      count++;
    }

    private void add(Sums other) {
      minimum = Math.min(minimum, other.minimum);
      maximum = Math.max(maximum, other.maximum);
      sum += other.sum;
      count += other.count;
    }

    private StatisticSet value() {
      return new StatisticSet(minimum, maximum, sum, count);
    }
  }
}
