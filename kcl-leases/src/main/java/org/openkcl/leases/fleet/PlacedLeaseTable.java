package org.openkcl.leases.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.EventLoop;
import org.openkcl.leases.CoordinationTable;
import org.openkcl.leases.CoordinationView;
import org.openkcl.leases.IndexStatus;
import org.openkcl.leases.ItemPlacement;
import org.openkcl.leases.ItemPlacement.Place;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTable;
import org.openkcl.leases.LeaseTableException;
import org.openkcl.leases.LeaseTableException.Kind;
import org.openkcl.leases.LeaseWrite;
import org.openkcl.leases.OwnedLeases;
import org.openkcl.leases.TableView;
import org.openkcl.leases.WriteResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lease table together with the tables beside it: looks into all that exist, and keeps what is no
 * lease where {@link ItemPlacement} says. The placement is decided anew with every scan, so it
 * follows Amazon's migrations. Confined to the event loop.
 */
public final class PlacedLeaseTable implements LeaseTable {
  private static final Logger log = LoggerFactory.getLogger(PlacedLeaseTable.class);

  /** Tables that do not exist are looked for with every such scan. */
  private static final int SCANS_PER_SEARCH = 60;

  private final EventLoop loop;
  private final LeaseTable leases;
  private final Beside sideTables;
  private final Beside ownTable;
  private final Place preferred;
  private final PlacedCoordination coordination;
  private ItemPlacement placement;
  private int scans;

  /**
   * @param leases the lease table alone
   * @param sideTables those of Amazon's 3.0 to 3.4; used if they exist, never created
   * @param ownTable ours beside the lease table; created when it is needed
   * @param preferred where items go if nothing that is found decides: LEASE_TABLE or OWN_TABLE
   */
  public PlacedLeaseTable(
      EventLoop loop,
      LeaseTable leases,
      CoordinationTable sideTables,
      CoordinationTable ownTable,
      Place preferred) {
    this.loop = loop;
    this.leases = leases;
    this.sideTables = new Beside(sideTables);
    this.ownTable = new Beside(ownTable);
    this.preferred = preferred;
    this.placement = ItemPlacement.allIn(preferred);
    this.coordination = new PlacedCoordination(loop, this::place, this::existing);
  }

  /** Where things are kept now. */
  public ItemPlacement placement() {
    return placement;
  }

  @Override
  public String name() {
    return leases.name();
  }

  /** {@inheritDoc} Looks at what is there, and creates the table of ours if it is needed. */
  @Override
  public CompletionStage<Void> ensureExists() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.whenDone(
        leases.ensureExists(),
        ready -> {
          scans = 0;
          loop.whenDone(scan(), view -> done.complete(null), done::completeExceptionally);
        },
        done::completeExceptionally);
    return done;
  }

  @Override
  public CompletionStage<TableView> scan() {
    boolean search = scans++ % SCANS_PER_SEARCH == 0;
    CompletableFuture<TableView> leaseTable = leases.scan().toCompletableFuture();
    CompletableFuture<Void> beside =
        CompletableFuture.allOf(sideTables.look(search), ownTable.look(search));
    CompletableFuture<TableView> done = new CompletableFuture<>();
    loop.whenDone(
        leaseTable.thenCombine(beside, (view, looked) -> view),
        view -> loop.whenDone(
            place(view), placed -> done.complete(together(view)), done::completeExceptionally),
        done::completeExceptionally);
    return done;
  }

  @Override
  public CompletionStage<Optional<Lease>> read(LeaseKey key) {
    return leases.read(key);
  }

  @Override
  public CompletionStage<WriteResult> write(LeaseWrite write) {
    return leases.write(write);
  }

  @Override
  public CompletionStage<Void> delete(LeaseKey key) {
    return leases.delete(key);
  }

  @Override
  public CoordinationTable coordination() {
    return coordination;
  }

  @Override
  public CompletionStage<IndexStatus> indexStatus() {
    return leases.indexStatus();
  }

  @Override
  public CompletionStage<IndexStatus> createIndex() {
    return leases.createIndex();
  }

  @Override
  public CompletionStage<Optional<OwnedLeases>> ownedBy(String workerId) {
    return leases.ownedBy(workerId);
  }

  /** Everything that was seen; a lock counts only where it is kept now. */
  private TableView together(TableView leaseTable) {
    TableView view = placement.lock() == Place.LEASE_TABLE ? leaseTable : leaseTable.withoutLock();
    view = sideTables.addTo(view, placement.lock() == Place.SIDE_TABLES);
    return ownTable.addTo(view, placement.lock() == Place.OWN_TABLE);
  }

  /** Decides where things go, and makes the place if it is ours to make. */
  private CompletionStage<Void> place(TableView leaseTable) {
    ItemPlacement next = ItemPlacement.of(
        new ItemPlacement.Found(leaseTable, sideTables.seen, ownTable.seen != null), preferred);
    if (next.workers() != Place.OWN_TABLE || ownTable.seen != null) {
      use(next);
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> made = new CompletableFuture<>();
    loop.whenDone(
        ownTable.table.ensureExists(),
        exists -> {
          ownTable.seen = CoordinationView.EMPTY;
          use(next);
          made.complete(null);
        },
        made::completeExceptionally);
    return made;
  }

  private void use(ItemPlacement next) {
    if (!next.equals(placement)) {
      log.atInfo()
          .addKeyValue("event", "table.placement")
          .log(
              "Application '{}' keeps its lock in {}, its workers' items in {}",
              name(),
              table(next.lock()).name(),
              table(next.workers()).name());
      placement = next;
    }
  }

  private CoordinationTable place(PlacedCoordination.Item item) {
    return table(
        switch (item) {
          case LOCK -> placement.lock();
          case WORKER -> placement.workers();
          case MIGRATION -> placement.migrations();
        });
  }

  private CoordinationTable table(Place place) {
    return switch (place) {
      case LEASE_TABLE -> leases.coordination();
      case SIDE_TABLES -> sideTables.table;
      case OWN_TABLE -> ownTable.table;
    };
  }

  /** Every place that exists, the one that counts first when both say something first. */
  private List<CoordinationTable> existing() {
    List<CoordinationTable> tables = new ArrayList<>();
    if (sideTables.seen != null) {
      tables.add(sideTables.table);
    }
    tables.add(leases.coordination());
    if (ownTable.seen != null) {
      tables.add(ownTable.table);
    }
    return tables;
  }

  /** A table that may or may not exist, with what was last seen in it. */
  private final class Beside {
    private final CoordinationTable table;
    private @Nullable CoordinationView seen;
    private boolean denied;

    Beside(CoordinationTable table) {
      this.table = table;
    }

    /** Looks again if it exists, or if it is time to search for it. Never fails. */
    CompletableFuture<Void> look(boolean search) {
      if (seen == null && !search) {
        return CompletableFuture.completedFuture(null);
      }
      CompletableFuture<Void> looked = new CompletableFuture<>();
      loop.whenDone(
          table.look(),
          view -> {
            seen = view.orElse(null);
            looked.complete(null);
          },
          failure -> {
            failed(failure);
            looked.complete(null);
          });
      return looked;
    }

    /** What was last seen stands; a table that may not be read at all counts as not there. */
    private void failed(Throwable failure) {
      boolean refused = failure instanceof LeaseTableException known && known.kind() == Kind.DENIED;
      if (refused && seen == null && !denied) {
        log.atInfo()
            .addKeyValue("event", "table.denied")
            .log("Table '{}' may not be read and is taken not to exist", table.name());
        denied = true;
      } else if (seen != null) {
        log.debug("Cannot read table '{}'; what was seen last stands", table.name(), failure);
      }
    }

    TableView addTo(TableView view, boolean keepsLock) {
      if (seen == null) {
        return view;
      }
      return view.with(keepsLock ? seen : seen.withoutLock());
    }
  }
}
