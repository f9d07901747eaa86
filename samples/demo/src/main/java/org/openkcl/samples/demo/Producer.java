package org.openkcl.samples.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.openkcl.samples.demo.proof.Flight;
import org.openkcl.samples.demo.proof.ProductionLedger;
import org.openkcl.samples.demo.proof.PutRecord;

/**
 * Puts flights at an even pace, many times a second, so that every shard gets a steady flow. Runs on
 * a thread of its own; writes down each acknowledgement.
 */
final class Producer implements AutoCloseable {
  private static final Duration BEAT = Duration.ofMillis(40);
  private static final int REQUEST_RECORDS_MAX = 500;

  private final FlightStream stream;
  private final ProductionLedger ledger;
  private final Duration duration;
  private final int flights;
  private final Deque<Flight> waiting;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "producer");
        thread.setDaemon(true);
        return thread;
      });
  private volatile Pace pace = new Pace(0, 0, 1);
  private volatile Produced produced = new Produced(0, Map.of(), Map.of());
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private int taken;

  /**
   * What has been put.
   *
   * @param latest each shard's highest sequence number
   */
  record Produced(long records, Map<String, Long> byShard, Map<String, String> latest) {
    Produced {
      byShard = Map.copyOf(byShard);
      latest = Map.copyOf(latest);
    }

    Produced plus(List<PutRecord> puts) {
      Map<String, Long> moreByShard = new HashMap<>(byShard);
      Map<String, String> later = new HashMap<>(latest);
      for (PutRecord put : puts) {
        moreByShard.merge(put.shardId(), 1L, Long::sum);
        later.merge(put.shardId(), put.sequenceNumber(), PutRecord::later);
      }
      return new Produced(records + puts.size(), moreByShard, later);
    }
  }

  /** A producer that takes {@code duration} for all of {@code flights}. */
  Producer(FlightStream stream, ProductionLedger ledger, List<Flight> flights, Duration duration) {
    this.stream = stream;
    this.ledger = ledger;
    this.duration = duration;
    this.flights = flights.size();
    this.waiting = new ArrayDeque<>(flights);
  }

  /** Begins; the result completes when all is put, or fails with the reason. */
  CompletableFuture<Void> start() {
    pace = Pace.lasting(duration, System.nanoTime());
    ScheduledFuture<?> unused =
        thread.scheduleAtFixedRate(this::beat, 0, BEAT.toMillis(), TimeUnit.MILLISECONDS);
    return done;
  }

  /** Puts more slowly from now on, to be done later by {@code extra}. */
  void takeLonger(Duration extra) {
    pace = pace.extended(produced.records(), System.nanoTime(), extra);
  }

  /** What has been put so far. */
  Produced produced() {
    return produced;
  }

  private void beat() {
    try {
      long due = pace.due(System.nanoTime(), flights);
      boolean accepted = true;
      while (taken < due && accepted) {
        accepted = put((int) Math.min(REQUEST_RECORDS_MAX, due - taken));
      }
      if (taken == flights) {
        thread.shutdown();
        done.complete(null);
      }
    } catch (RuntimeException | IOException e) {
      thread.shutdown();
      done.completeExceptionally(e);
    }
  }

  /** Puts the next ones; false if the stream refused some, which then wait for the next beat. */
  private boolean put(int count) throws IOException {
    List<Flight> batch = new ArrayList<>();
    while (batch.size() < count) {
      batch.add(waiting.removeFirst());
    }
    FlightStream.Put put = stream.put(batch);
    ledger.write(put.done());
    taken += put.done().size();
    for (int i = put.refused().size() - 1; i >= 0; i--) {
      waiting.addFirst(put.refused().get(i));
    }
    produced = produced.plus(put.done());
    return put.refused().isEmpty();
  }

  /** Stops where it is. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
