package org.openkcl;

import java.time.Instant;

/** Something that happened to the worker as a whole. */
public sealed interface WorkerEvent extends ConsumerEvent {

  /**
   * The worker has compared shards and leases and is at work.
   *
   * @param ownLeases how many leases it holds
   * @param leases how many the application has
   */
  record Started(Instant at, String workerId, int ownLeases, int leases) implements WorkerEvent {
    @Override
    public String id() {
      return "worker.started";
    }

    @Override
    public Severity severity() {
      return Severity.INFO;
    }

    @Override
    public String message() {
      return "Worker %s started: %d of %d leases are its own"
          .formatted(workerId, ownLeases, leases);
    }
  }

  /**
   * The worker hands its shards over.
   *
   * @param shards how many it has
   */
  record Leaving(Instant at, String workerId, int shards) implements WorkerEvent {
    @Override
    public String id() {
      return "worker.leaving";
    }

    @Override
    public Severity severity() {
      return Severity.INFO;
    }

    @Override
    public String message() {
      return "Worker %s is leaving with %d shards".formatted(workerId, shards);
    }
  }

  /**
   * The worker holds nothing any more. The last event.
   *
   * @param failure why it stopped by itself; empty when it was asked to
   */
  record Stopped(Instant at, String workerId, String failure) implements WorkerEvent {
    @Override
    public String id() {
      return "worker.stopped";
    }

    @Override
    public Severity severity() {
      return failure.isEmpty() ? Severity.INFO : Severity.ERROR;
    }

    @Override
    public String message() {
      return "Worker %s has stopped%s"
          .formatted(workerId, failure.isEmpty() ? "" : " by itself: " + failure);
    }
  }

  /**
   * The health of the worker has become another one.
   *
   * @param ordinary whether it is only because the worker starts or stops as it was told
   */
  record HealthChanged(Instant at, Health before, Health now, boolean ordinary)
      implements WorkerEvent {
    @Override
    public String id() {
      return "worker.health-changed";
    }

    @Override
    public Severity severity() {
      return ordinary || now.status() == Health.Status.UP ? Severity.INFO : Severity.WARNING;
    }

    @Override
    public String message() {
      return "Health is %s, was %s%s"
          .formatted(
              now.status(),
              before.status(),
              now.reasons().isEmpty() ? "" : ": " + String.join("; ", now.reasons()));
    }
  }

  /**
   * A listener was too slow for the events that came.
   *
   * @param count how many it has not been told
   */
  record EventsDropped(Instant at, long count) implements WorkerEvent {
    @Override
    public String id() {
      return "listener.slow";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public String message() {
      return "%d events were dropped because this listener is slow".formatted(count);
    }
  }
}
