package org.openkcl;

/**
 * Takes what is about to be skipped, for example to put it into a queue of dead letters.
 *
 * <p>Called on the thread of the call that failed, before the next batch is delivered; may block.
 * Called in parallel for different shards.
 */
@FunctionalInterface
public interface SkipHandler {

  /**
   * Takes what is about to be skipped.
   *
   * @throws Exception to refuse: nothing is skipped then, and the call is made again after a pause
   */
  void skipping(SkippedRecords skipped) throws Exception;
}
