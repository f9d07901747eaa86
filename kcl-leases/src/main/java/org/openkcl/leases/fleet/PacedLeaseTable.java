package org.openkcl.leases.fleet;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.openkcl.environment.EventLoop;
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
 * A lease table that is asked at most {@value #MAX_IN_FLIGHT} things at once; the rest waits its
 * turn, so that a thousand leases do not overrun the client's connections. It begins with {@value
 * #FIRST_IN_FLIGHT} at once and takes one more with every reply: at a cold start the first leases
 * are had, and their shards read, before the last are asked for. Confined to the loop.
 */
final class PacedLeaseTable implements LeaseTable {
  private static final int MAX_IN_FLIGHT = 40;
  private static final int FIRST_IN_FLIGHT = 8;

  private final LeaseTable table;
  private final EventLoop loop;
  private final Deque<Runnable> queue = new ArrayDeque<>();
  private int inFlight;
  private int limit = FIRST_IN_FLIGHT;

  PacedLeaseTable(LeaseTable table, EventLoop loop) {
    this.table = table;
    this.loop = loop;
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
    return table.scan();
  }

  @Override
  public CompletionStage<Optional<Lease>> read(LeaseKey key) {
    return paced(() -> table.read(key));
  }

  @Override
  public CompletionStage<WriteResult> write(LeaseWrite write) {
    return paced(() -> table.write(write));
  }

  @Override
  public CompletionStage<Void> delete(LeaseKey key) {
    return paced(() -> table.delete(key));
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

  @Override
  public CompletionStage<Optional<OwnedLeases>> ownedBy(String workerId) {
    return table.ownedBy(workerId);
  }

  private <T> CompletionStage<T> paced(Supplier<CompletionStage<T>> request) {
    CompletableFuture<T> reply = new CompletableFuture<>();
    queue.add(() -> loop.whenDone(
        request.get(),
        value -> {
          inFlight--;
          limit = Math.min(MAX_IN_FLIGHT, limit + 1);
          reply.complete(value);
          next();
        },
        failure -> {
          inFlight--;
          reply.completeExceptionally(failure);
          next();
        }));
    next();
    return reply;
  }

  private void next() {
    while (inFlight < limit && !queue.isEmpty()) {
      inFlight++;
      queue.remove().run();
    }
  }
}
