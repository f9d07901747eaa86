package org.openkcl.local.model;

import org.jspecify.annotations.Nullable;

/** Somebody who is asked about each record of a request before a shard takes it. */
@FunctionalInterface
public interface RecordGate {
  /** Lets everything pass. */
  RecordGate OPEN = (operation, place) -> null;

  /** Why the shard is not to take the record; null to let it pass. */
  @Nullable
  PutRefusal refusal(String operation, ShardPlace place);
}
