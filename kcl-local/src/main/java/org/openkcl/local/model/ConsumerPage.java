package org.openkcl.local.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a listing, by consumer name.
 *
 * @param nextToken for the next page, good for 300 seconds; null on the last page
 */
public record ConsumerPage(
    List<ConsumerDescription> consumers, @Nullable String nextToken) {
  /** Consumers per page unless told otherwise. */
  public static final int MAX_RESULTS_DEFAULT = 100;

  public ConsumerPage {
    consumers = List.copyOf(consumers);
  }
}
