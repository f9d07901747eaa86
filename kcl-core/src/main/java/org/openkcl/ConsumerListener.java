package org.openkcl;

/**
 * Hears what happens to a worker and its shards.
 *
 * <p>Called for one event at a time, in their order, on a thread that is neither the library's event
 * loop nor a processor's: it may block without delaying either. Up to 1,000 events wait for a slow
 * listener; what comes then is dropped, and {@link WorkerEvent.EventsDropped} says how many. What a
 * listener throws is logged and harms nothing.
 */
@FunctionalInterface
public interface ConsumerListener {

  /**
   * Something has happened.
   *
   * @throws Exception to have it logged
   */
  void on(ConsumerEvent event) throws Exception;
}
