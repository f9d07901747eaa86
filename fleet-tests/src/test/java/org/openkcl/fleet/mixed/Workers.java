package org.openkcl.fleet.mixed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openkcl.fleet.peer.PeerEvent;
import org.openkcl.local.LocalCloud;

/** The worker processes of a fleet and what they have reported. Thread-safe. */
final class Workers implements AutoCloseable {
  private final LocalCloud cloud;
  private final String stream;
  private final Path logs;
  private final Map<String, WorkerProcess> processes = new TreeMap<>();
  private final List<Delivery> deliveries = new ArrayList<>();

  /** @param stream also names the application, and so the lease table */
  Workers(LocalCloud cloud, String stream, Path logs) {
    this.cloud = cloud;
    this.stream = stream;
    this.logs = logs;
  }

  /** Starts one; does not wait for it. */
  synchronized void start(String worker, Library library, Pace pace) {
    if (processes.containsKey(worker)) {
      throw new IllegalArgumentException("There has been a worker " + worker + " before");
    }
    List<String> arguments = new ArrayList<>(library.program());
    arguments.addAll(List.of(
        "--kinesis=" + cloud.kinesisEndpoint(),
        "--dynamodb=" + cloud.dynamoDbEndpoint(),
        "--application=" + stream,
        "--stream=" + stream,
        "--worker=" + worker));
    arguments.addAll(library.options(pace));
    processes.put(
        worker,
        WorkerProcess.start(worker, library, arguments, logs.resolve(worker + ".log"), this::on));
  }

  private synchronized void on(String worker, PeerEvent event) {
    if (event.is("records")) {
      deliveries.add(Delivery.of(worker, event));
    }
  }

  synchronized WorkerProcess process(String worker) {
    WorkerProcess process = processes.get(worker);
    if (process == null) {
      throw new IllegalArgumentException("No worker " + worker + " was started");
    }
    return process;
  }

  synchronized List<WorkerProcess> all() {
    return List.copyOf(processes.values());
  }

  synchronized List<Delivery> deliveries() {
    return List.copyOf(deliveries);
  }

  /** How many records were given to somebody, the same one twice counted twice. */
  synchronized int given() {
    return deliveries.stream()
        .mapToInt(delivery -> delivery.sequenceNumbers().size())
        .sum();
  }

  /** Who was given records of each shard last. */
  synchronized Map<String, String> lastDeliverers() {
    Map<String, Delivery> last = new TreeMap<>();
    for (Delivery delivery : deliveries) {
      last.merge(delivery.shard(), delivery, (a, b) -> b.micros() >= a.micros() ? b : a);
    }
    Map<String, String> workers = new TreeMap<>();
    last.forEach((shard, delivery) -> workers.put(shard, delivery.worker()));
    return workers;
  }

  /** The end of a worker's log. */
  static List<String> lastLines(WorkerProcess process, int lines) {
    try {
      List<String> all =
          Files.exists(process.log()) ? Files.readAllLines(process.log()) : List.of();
      return all.subList(Math.max(0, all.size() - lines), all.size());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() {
    processes.values().forEach(WorkerProcess::kill);
  }
}
