package org.openkcl.retrieval;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How many subscriptions of a stream are being opened at once: one at first, one more with each that
 * succeeds, up to {@value #MOST}; half as many when the service asks for less. So a thousand shards
 * begin within seconds, in as many requests as there are shards and not more, and on few connections.
 * The rest waits, first come first served.
 *
 * <p>Confined to the worker's event loop.
 */
final class OpeningPace {
  static final int MOST = 32;

  private final Deque<Place> waiting = new ArrayDeque<>();
  private int most = 1;
  private int underWay;

  /**
   * Asks to open a subscription.
   *
   * @param whenAdmitted runs on the loop when a place that had to wait is admitted; never within
   *     this call
   */
  Place enter(Runnable whenAdmitted) {
    Place place = new Place(whenAdmitted);
    if (underWay < most && waiting.isEmpty()) {
      place.admit();
    } else {
      waiting.add(place);
    }
    return place;
  }

  /** How many may be opened at once now. */
  int most() {
    return most;
  }

  private void admitWaiting() {
    while (underWay < most && !waiting.isEmpty()) {
      Place first = waiting.remove();
      first.admit();
      first.whenAdmitted.run();
    }
  }

  /** One subscription's place among those that are being opened. */
  final class Place {
    private final Runnable whenAdmitted;
    private boolean admitted;
    private boolean left;

    private Place(Runnable whenAdmitted) {
      this.whenAdmitted = whenAdmitted;
    }

    boolean isAdmitted() {
      return admitted;
    }

    /** The subscription is open. */
    void succeeded() {
      if (!left) {
        most = Math.min(MOST, most + 1);
      }
      leave();
    }

    /** The service has asked for less. */
    void throttled() {
      if (!left) {
        most = Math.max(1, most / 2);
      }
      leave();
    }

    /** The place is free again, or is not waited for any more. Doing so twice does nothing. */
    void leave() {
      if (left) {
        return;
      }
      left = true;
      if (admitted) {
        underWay--;
        admitWaiting();
      } else {
        waiting.remove(this);
      }
    }

    private void admit() {
      admitted = true;
      underWay++;
    }
  }
}
