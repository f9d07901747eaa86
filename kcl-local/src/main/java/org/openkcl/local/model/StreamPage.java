package org.openkcl.local.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a listing of streams, by name.
 *
 * @param nextToken for the next page, good for 300 seconds; null on the last page
 */
public record StreamPage(
    List<StreamDescription> streams, @Nullable String nextToken) {
  public StreamPage {
    streams = List.copyOf(streams);
  }
}
