package org.openkcl.local.model;

import java.util.function.Function;

/** What became of one record of a put: it was stored, or refused. */
public sealed interface PutOutcome permits PutResult, PutRefusal {
  /** The value of the one function that fits. */
  <T> T match(Function<PutResult, T> stored, Function<PutRefusal, T> refused);
}
