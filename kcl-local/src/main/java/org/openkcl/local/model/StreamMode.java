package org.openkcl.local.model;

/** Who decides how many shards a stream has (API reference: StreamModeDetails). */
public enum StreamMode {
  /** Its owner, by UpdateShardCount, SplitShard and MergeShards. */
  PROVISIONED,
  /** The service, by what is written; see {@link OnDemandRules}. */
  ON_DEMAND
}
