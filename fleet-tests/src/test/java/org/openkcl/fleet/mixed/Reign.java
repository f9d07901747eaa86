package org.openkcl.fleet.mixed;

/**
 * A worker's uninterrupted time at one shard, by what it delivered.
 *
 * @param fromMicros when its first call began
 * @param toMicros when its last call began
 * @param records how many it delivered
 * @param repeated how many of them had been delivered before
 */
record Reign(
    String shard, String worker, long fromMicros, long toMicros, int records, int repeated) {

  static Reign of(Delivery delivery, int repeated) {
    int records = delivery.sequenceNumbers().size();
    return new Reign(
        delivery.shard(),
        delivery.worker(),
        delivery.micros(),
        delivery.micros(),
        records,
        repeated);
  }

  boolean goesOnWith(Delivery delivery) {
    return shard.equals(delivery.shard()) && worker.equals(delivery.worker());
  }

  Reign with(Delivery delivery, int more) {
    int all = records + delivery.sequenceNumbers().size();
    return new Reign(shard, worker, fromMicros, delivery.micros(), all, repeated + more);
  }
}
