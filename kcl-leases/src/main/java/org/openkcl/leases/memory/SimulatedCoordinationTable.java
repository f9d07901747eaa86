package org.openkcl.leases.memory;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.openkcl.environment.Simulation;
import org.openkcl.leases.ConditionalResult;
import org.openkcl.leases.CoordinationTable;
import org.openkcl.leases.CoordinationView;
import org.openkcl.leases.LeaderLock;
import org.openkcl.leases.LockWrite;
import org.openkcl.leases.Migration;
import org.openkcl.leases.MigrationWrite;
import org.openkcl.leases.WorkerRecord;

/** One simulated process's way to what is kept beside leases. */
public final class SimulatedCoordinationTable implements CoordinationTable {
  private final SimulatedNetwork network;
  private final CoordinationTable shared;

  /**
   * @param faults asked for each request, so that faults may begin and end
   */
  public SimulatedCoordinationTable(
      Simulation world, CoordinationTable shared, Supplier<TableFaults> faults) {
    this(new SimulatedNetwork(world, faults, () -> {}), shared);
  }

  SimulatedCoordinationTable(SimulatedNetwork network, CoordinationTable shared) {
    this.network = network;
    this.shared = shared;
  }

  @Override
  public String name() {
    return shared.name();
  }

  @Override
  public CompletionStage<Void> ensureExists() {
    return network.request(() -> shared.ensureExists());
  }

  @Override
  public CompletionStage<Optional<CoordinationView>> look() {
    return network.request(() -> shared.look());
  }

  @Override
  public CompletionStage<Optional<LeaderLock>> readLock() {
    return network.request(() -> shared.readLock());
  }

  @Override
  public CompletionStage<ConditionalResult<LeaderLock>> writeLock(LockWrite write) {
    return network.request(() -> shared.writeLock(write));
  }

  @Override
  public CompletionStage<Optional<Migration>> readMigration(Migration.Subject subject) {
    return network.request(() -> shared.readMigration(subject));
  }

  @Override
  public CompletionStage<ConditionalResult<Migration>> writeMigration(MigrationWrite write) {
    return network.request(() -> shared.writeMigration(write));
  }

  @Override
  public CompletionStage<Void> putWorker(WorkerRecord worker) {
    return network.request(() -> shared.putWorker(worker));
  }

  @Override
  public CompletionStage<Void> deleteWorker(String workerId) {
    return network.request(() -> shared.deleteWorker(workerId));
  }

  @Override
  public CompletionStage<Boolean> deleteStaleWorker(String workerId, Instant writtenAt) {
    return network.request(() -> shared.deleteStaleWorker(workerId, writtenAt));
  }
}
