package org.openkcl.local;

import java.util.List;
import org.openkcl.local.faults.Fault;
import org.openkcl.local.faults.FaultReport;
import org.openkcl.local.http.GuardedFaults;

/**
 * What is to go wrong in a cloud, from now on: {@code
 * cloud.faults().add(Fault.throttle().on("GetRecords").next(3))}. The same over HTTP is {@code
 * /_admin/faults} at the Kinesis endpoint. Faults concern Kinesis only, and requests only: {@link
 * LocalCloud#streams} is never struck. Thread-safe.
 */
public final class Faults {
  private final GuardedFaults rules;

  Faults(GuardedFaults rules) {
    this.rules = rules;
  }

  /**
   * Puts a fault in force, after those there are.
   *
   * @return its id, for {@link #remove} and {@link #strikes}
   */
  public long add(Fault fault) {
    return rules.ask(all -> all.add(fault));
  }

  /** All faults with how often each struck, in the order in which they were added. */
  public List<FaultReport> list() {
    return rules.ask(all -> all.list());
  }

  /**
   * How often a fault struck.
   *
   * @throws IllegalArgumentException when there is no fault of this id
   */
  public long strikes(long id) {
    return list().stream()
        .filter(report -> report.id() == id)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("No fault has the id " + id))
        .strikes();
  }

  /** Takes a fault out of force; false when there is none of this id. */
  public boolean remove(long id) {
    return rules.ask(all -> all.remove(id));
  }

  /** Takes all faults out of force. */
  public void clear() {
    rules.ask(all -> {
      all.clear();
      return all;
    });
  }
}
