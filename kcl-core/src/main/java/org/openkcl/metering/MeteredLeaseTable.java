package org.openkcl.metering;

import static org.openkcl.metrics.ConsumerMetric.LOST_RACES;
import static org.openkcl.metrics.ConsumerMetric.RENEW_LEASE_SUCCESS;
import static org.openkcl.metrics.ConsumerMetric.RENEW_LEASE_TIME;
import static org.openkcl.metrics.ConsumerMetric.TABLE_READ_SUCCESS;
import static org.openkcl.metrics.ConsumerMetric.TABLE_READ_TIME;
import static org.openkcl.metrics.ConsumerMetric.TABLE_SCAN_SUCCESS;
import static org.openkcl.metrics.ConsumerMetric.TABLE_SCAN_TIME;
import static org.openkcl.metrics.ConsumerMetric.TABLE_THROTTLED;
import static org.openkcl.metrics.ConsumerMetric.TABLE_WRITE_SUCCESS;
import static org.openkcl.metrics.ConsumerMetric.TABLE_WRITE_TIME;
import static org.openkcl.metrics.ConsumerMetric.TAKEOVERS;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.Environment;
import org.openkcl.leases.CoordinationTable;
import org.openkcl.leases.IndexStatus;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTable;
import org.openkcl.leases.LeaseTableException;
import org.openkcl.leases.LeaseWrite;
import org.openkcl.leases.OwnedLeases;
import org.openkcl.leases.TableView;
import org.openkcl.leases.WriteResult;
import org.openkcl.metrics.Recorder;

/** A lease table whose calls are measured. As thread-safe as the table behind it. */
final class MeteredLeaseTable implements LeaseTable {
  private static final double NANOS_PER_MILLI = 1_000_000;

  private final LeaseTable table;
  private final Environment environment;
  private final Takeovers takeovers;
  private final String workerId;
  private final Calls scans;
  private final Calls reads;
  private final Calls writes;
  private final Calls renewals;
  private final Recorder throttled;
  private final Recorder lostRaces;
  private final Recorder takenOver;

  /** Of one kind of call. */
  private record Calls(Recorder success, Recorder time) {}

  MeteredLeaseTable(
      LeaseTable table,
      Environment environment,
      Meters meters,
      Takeovers takeovers,
      String workerId) {
    this.table = table;
    this.environment = environment;
    this.takeovers = takeovers;
    this.workerId = workerId;
    scans = new Calls(
        meters.recorder(TABLE_SCAN_SUCCESS, Subject.WORKER),
        meters.recorder(TABLE_SCAN_TIME, Subject.WORKER));
    reads = new Calls(
        meters.recorder(TABLE_READ_SUCCESS, Subject.WORKER),
        meters.recorder(TABLE_READ_TIME, Subject.WORKER));
    writes = new Calls(
        meters.recorder(TABLE_WRITE_SUCCESS, Subject.WORKER),
        meters.recorder(TABLE_WRITE_TIME, Subject.WORKER));
    renewals = new Calls(
        meters.recorder(RENEW_LEASE_SUCCESS, Subject.WORKER),
        meters.recorder(RENEW_LEASE_TIME, Subject.WORKER));
    throttled = meters.recorder(TABLE_THROTTLED, Subject.WORKER);
    lostRaces = meters.recorder(LOST_RACES, Subject.WORKER);
    takenOver = meters.recorder(TAKEOVERS, Subject.WORKER);
  }

  @Override
  public String name() {
    return table.name();
  }

  @Override
  public CompletionStage<Void> ensureExists() {
    return table.ensureExists();
  }

  @Override
  public CompletionStage<TableView> scan() {
    return measured(table.scan(), scans);
  }

  @Override
  public CompletionStage<Optional<Lease>> read(LeaseKey key) {
    return measured(table.read(key), reads);
  }

  @Override
  public CompletionStage<Optional<OwnedLeases>> ownedBy(String owner) {
    return measured(table.ownedBy(owner), reads);
  }

  @Override
  public CompletionStage<WriteResult> write(LeaseWrite write) {
    long began = environment.nanoTime();
    CompletionStage<WriteResult> answer = table.write(write);
    return measured(
        answer,
        writes,
        result -> written(write, result, (environment.nanoTime() - began) / NANOS_PER_MILLI));
  }

  private void written(LeaseWrite write, @Nullable WriteResult result, double millis) {
    boolean took = result != null && result.match(now -> true, lost -> false);
    if (isRenewal(write)) {
      renewals.success().record(took ? 1 : 0);
      renewals.time().record(millis);
    }
    if (result != null && !took) {
      lostRaces.record(1);
    }
    if (took && workerId.equals(write.intended().owner())) {
      noteOwner(write);
    }
  }

  private static boolean isRenewal(LeaseWrite write) {
    String owner = write.expected().owner();
    return switch (write.guard()) {
      case COUNTER_AND_NO_HANDOFF, COUNTER ->
        owner != null && owner.equals(write.intended().owner());
      case ABSENT, COUNTER_AND_OWNERS, OWNERS, EXISTS -> false;
    };
  }

  /** Who claims a lease that another worker owns takes it over. */
  private void noteOwner(LeaseWrite write) {
    String former = write.expected().ownership().actualOwner();
    if (write.guard() != LeaseWrite.Guard.COUNTER_AND_OWNERS) {
      return;
    }
    if (former == null || former.equals(workerId)) {
      takeovers.forget(write.key());
    } else {
      takeovers.note(write.key(), environment.now());
      takenOver.record(1);
    }
  }

  @Override
  public CompletionStage<Void> delete(LeaseKey key) {
    return measured(table.delete(key), writes);
  }

  @Override
  public CoordinationTable coordination() {
    return table.coordination();
  }

  @Override
  public CompletionStage<IndexStatus> indexStatus() {
    return table.indexStatus();
  }

  @Override
  public CompletionStage<IndexStatus> createIndex() {
    return table.createIndex();
  }

  private <T> CompletionStage<T> measured(CompletionStage<T> stage, Calls calls) {
    return measured(stage, calls, value -> {});
  }

  /** Values are recorded before anybody hears of the answer. */
  private <T> CompletionStage<T> measured(
      CompletionStage<T> stage, Calls calls, Consumer<@Nullable T> first) {
    long began = environment.nanoTime();
    CompletableFuture<T> told = new CompletableFuture<>();
    stage.whenComplete((value, failure) -> {
      calls.time().record((environment.nanoTime() - began) / NANOS_PER_MILLI);
      calls.success().record(failure == null ? 1 : 0);
      first.accept(value);
      if (failure == null) {
        told.complete(value);
      } else {
        Throwable cause = causeOf(failure);
        if (cause instanceof LeaseTableException known
            && known.kind() == LeaseTableException.Kind.THROTTLED) {
          throttled.record(1);
        }
        told.completeExceptionally(cause);
      }
    });
    return told;
  }

  private static Throwable causeOf(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause == null ? failure : cause;
  }
}
