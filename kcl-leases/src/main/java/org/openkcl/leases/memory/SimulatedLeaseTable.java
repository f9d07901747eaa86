package org.openkcl.leases.memory;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.openkcl.environment.Simulation;
import org.openkcl.leases.CoordinationTable;
import org.openkcl.leases.IndexStatus;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTable;
import org.openkcl.leases.LeaseWrite;
import org.openkcl.leases.OwnedLeases;
import org.openkcl.leases.TableView;
import org.openkcl.leases.WriteResult;

/**
 * One simulated process's way to a shared {@link InMemoryLeaseTable}: requests and replies take
 * virtual time, and some are throttled or lost as {@link TableFaults} say. A request under way goes
 * on when its process crashes, as on a real network.
 */
public final class SimulatedLeaseTable implements LeaseTable {
  private final SimulatedNetwork network;
  private final InMemoryLeaseTable shared;
  private final CoordinationTable coordination;

  /**
   * @param faults asked for each request, so that faults may begin and end
   */
  public SimulatedLeaseTable(
      Simulation world, InMemoryLeaseTable shared, Supplier<TableFaults> faults) {
    this(world, shared, faults, () -> {});
  }

  /**
   * @param faults asked for each request, so that faults may begin and end
   * @param onFault called for each request that fails by the simulation's doing
   */
  public SimulatedLeaseTable(
      Simulation world, InMemoryLeaseTable shared, Supplier<TableFaults> faults, Runnable onFault) {
    this.network = new SimulatedNetwork(world, faults, onFault);
    this.shared = shared;
    this.coordination = new SimulatedCoordinationTable(network, shared.coordination());
  }

  @Override
  public String name() {
    return shared.name();
  }

  @Override
  public CompletionStage<Void> ensureExists() {
    return request(shared::ensureExists);
  }

  @Override
  public CompletionStage<TableView> scan() {
    return request(shared::scan);
  }

  @Override
  public CompletionStage<Optional<Lease>> read(LeaseKey key) {
    return request(() -> shared.read(key));
  }

  @Override
  public CompletionStage<WriteResult> write(LeaseWrite write) {
    return request(() -> shared.write(write));
  }

  @Override
  public CompletionStage<Void> delete(LeaseKey key) {
    return request(() -> shared.delete(key));
  }

  @Override
  public CoordinationTable coordination() {
    return coordination;
  }

  @Override
  public CompletionStage<IndexStatus> indexStatus() {
    return request(shared::indexStatus);
  }

  @Override
  public CompletionStage<IndexStatus> createIndex() {
    return request(shared::createIndex);
  }

  @Override
  public CompletionStage<Optional<OwnedLeases>> ownedBy(String workerId) {
    return request(() -> shared.ownedBy(workerId));
  }

  private <T> CompletionStage<T> request(Supplier<CompletionStage<T>> operation) {
    return network.request(operation);
  }
}
