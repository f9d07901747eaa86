package org.openkcl.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.openkcl.benchmarks.probe.WorkerEvent;

/** What the workers of a run have reported so far, and what follows from it. Immutable. */
record Timeline(List<Entry> entries) {

  /** An event and the worker that it came from. */
  record Entry(String worker, WorkerEvent event) {
    boolean is(WorkerEvent.Kind kind, String subject) {
      return event.kind() == kind && event.subject().equals(subject);
    }
  }

  Timeline {
    entries = List.copyOf(entries);
  }

  /** The shards that each worker had initialized last. */
  Map<String, Set<String>> shardsByOwner() {
    Map<String, Entry> last = new HashMap<>();
    for (Entry entry : entries) {
      if (entry.event().kind() == WorkerEvent.Kind.INITIALIZE) {
        last.merge(
            entry.event().subject(),
            entry,
            (a, b) -> b.event().fromMicros() >= a.event().fromMicros() ? b : a);
      }
    }
    Map<String, Set<String>> owned = new HashMap<>();
    last.forEach((shard, entry) ->
        owned.computeIfAbsent(entry.worker(), worker -> new TreeSet<>()).add(shard));
    return owned;
  }

  Set<String> shardsOf(String worker) {
    return shardsByOwner().getOrDefault(worker, Set.of());
  }

  /** Which shards a worker has been given records of. */
  Set<String> shardsReadBy(String worker) {
    Set<String> read = new TreeSet<>();
    for (Entry entry : entries) {
      if (entry.worker().equals(worker) && entry.event().kind() == WorkerEvent.Kind.BATCH) {
        read.add(entry.event().subject());
      }
    }
    return read;
  }

  /** The first event of a kind about a subject that begins after a moment at any of some workers. */
  Optional<WorkerEvent> firstAfter(
      long micros, Collection<String> workers, WorkerEvent.Kind kind, String subject) {
    return entries.stream()
        .filter(entry -> workers.contains(entry.worker()) && entry.is(kind, subject))
        .map(Entry::event)
        .filter(event -> event.fromMicros() > micros)
        .min((a, b) -> Long.compare(a.fromMicros(), b.fromMicros()));
  }

  /** When a worker's last call of a kind about a shard returned. */
  OptionalLong lastReturnMicros(String worker, WorkerEvent.Kind kind, String shard) {
    return entries.stream()
        .filter(entry -> entry.worker().equals(worker) && entry.is(kind, shard))
        .mapToLong(entry -> entry.event().toMicros())
        .max();
  }

  /** A worker's only or first event of a kind, whatever it is about. */
  Optional<WorkerEvent> first(String worker, WorkerEvent.Kind kind) {
    return entries.stream()
        .filter(entry -> entry.worker().equals(worker) && entry.event().kind() == kind)
        .map(Entry::event)
        .findFirst();
  }

  /** All events of a kind at a worker, in order. */
  List<WorkerEvent> all(String worker, WorkerEvent.Kind kind) {
    return entries.stream()
        .filter(entry -> entry.worker().equals(worker) && entry.event().kind() == kind)
        .map(Entry::event)
        .toList();
  }

  /** What a worker told under a name, in order. */
  List<WorkerEvent> figures(String worker, String name) {
    return all(worker, WorkerEvent.Kind.FIGURE).stream()
        .filter(event -> event.subject().equals(name))
        .toList();
  }

  /** The value that a worker told last under a name. */
  double lastFigure(String worker, String name) {
    List<WorkerEvent> told = figures(worker, name);
    return Double.parseDouble(told.get(told.size() - 1).items().get(0));
  }

  /**
   * Each shard's longest time without a call, in seconds: from a return to the next call, on
   * whichever worker, of those that end or begin within a time.
   */
  Map<String, Double> longestSilences(long fromMicros, long toMicros) {
    Map<String, List<WorkerEvent>> batches = new TreeMap<>();
    for (Entry entry : entries) {
      if (entry.event().kind() == WorkerEvent.Kind.BATCH) {
        batches
            .computeIfAbsent(entry.event().subject(), shard -> new ArrayList<>())
            .add(entry.event());
      }
    }
    Map<String, Double> silences = new TreeMap<>();
    batches.forEach((shard, calls) -> {
      calls.sort(Comparator.comparing(WorkerEvent::fromMicros));
      for (int i = 1; i < calls.size(); i++) {
        long silent = calls.get(i - 1).toMicros();
        long heard = calls.get(i).fromMicros();
        if (heard >= fromMicros && silent <= toMicros) {
          silences.merge(shard, (heard - silent) / 1e6, Math::max);
        }
      }
    });
    return silences;
  }

  /** From each shard's last return at one worker to its first batch at another, in seconds. */
  List<Double> gapsSeconds(Set<String> shards, String from, WorkerEvent.Kind lastCall, String to) {
    List<Double> gaps = new ArrayList<>();
    for (String shard : shards) {
      long last = lastReturnMicros(from, lastCall, shard)
          .orElseThrow(() -> new IllegalStateException(
              "No " + lastCall + " of " + shard + " was reported by worker " + from));
      WorkerEvent next = firstAfter(0, List.of(to), WorkerEvent.Kind.BATCH, shard)
          .orElseThrow(() ->
              new IllegalStateException("No batch of " + shard + " was reported by worker " + to));
      gaps.add((next.fromMicros() - last) / 1e6);
    }
    return gaps;
  }

  /** From return to next call of the same shard on the same worker, in seconds. */
  List<Double> steadyGapsSeconds() {
    Map<String, WorkerEvent> last = new HashMap<>();
    List<Double> gaps = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.event().kind() == WorkerEvent.Kind.BATCH) {
        WorkerEvent before =
            last.put(entry.worker() + " " + entry.event().subject(), entry.event());
        if (before != null) {
          gaps.add((entry.event().fromMicros() - before.toMicros()) / 1e6);
        }
      }
    }
    return gaps;
  }

  /** How many deliveries were of records that had been delivered before. */
  long duplicates() {
    Set<String> seen = new HashSet<>();
    return deliveries().filter(id -> !seen.add(id)).count();
  }

  /** The ids of all records that were processed. */
  Set<String> processed() {
    Set<String> ids = new HashSet<>();
    deliveries().forEach(ids::add);
    return ids;
  }

  private Stream<String> deliveries() {
    return entries.stream()
        .filter(entry -> entry.event().kind() == WorkerEvent.Kind.RECORDS)
        .flatMap(entry -> entry.event().items().stream());
  }
}
