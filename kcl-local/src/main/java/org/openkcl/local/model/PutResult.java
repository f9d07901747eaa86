package org.openkcl.local.model;

import java.util.function.Function;

/**
 * Where a record went.
 *
 * @param sequenceNumber 56 decimal digits; greater than all earlier ones of its stream
 */
public record PutResult(String shardId, String sequenceNumber) implements PutOutcome {
  @Override
  public <T> T match(Function<PutResult, T> stored, Function<PutRefusal, T> refused) {
    return stored.apply(this);
  }
}
