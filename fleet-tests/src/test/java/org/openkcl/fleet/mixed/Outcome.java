package org.openkcl.fleet.mixed;

import java.util.List;

/**
 * How a scenario ended.
 *
 * @param failure why it failed; empty when it did not
 */
record Outcome(
    String scenario, double seconds, DeliveryVerdict verdict, List<String> story, String failure) {
  Outcome {
    story = List.copyOf(story);
  }

  boolean good() {
    return failure.isEmpty();
  }
}
