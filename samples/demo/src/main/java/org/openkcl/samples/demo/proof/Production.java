package org.openkcl.samples.demo.proof;

import java.util.List;
import java.util.Map;

/**
 * All that the stream acknowledged.
 *
 * @param puts every record put
 * @param parents every shard's parents, none for those the stream began with
 */
public record Production(List<PutRecord> puts, Map<String, List<String>> parents) {
  public Production {
    puts = List.copyOf(puts);
    parents = Map.copyOf(parents);
  }
}
