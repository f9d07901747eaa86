package org.openkcl.local.model;

import java.util.function.Function;

/**
 * Why a record was not stored (API reference: PutRecordsResultEntry).
 *
 * @param errorType {@code ProvisionedThroughputExceededException} or {@code InternalFailure}
 */
public record PutRefusal(String errorType, String message) implements PutOutcome {
  @Override
  public <T> T match(Function<PutResult, T> stored, Function<PutRefusal, T> refused) {
    return refused.apply(this);
  }

  StreamException asException() {
    return new StreamException(errorType, message);
  }
}
