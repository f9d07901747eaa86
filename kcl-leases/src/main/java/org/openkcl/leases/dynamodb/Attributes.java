package org.openkcl.leases.dynamodb;

import java.util.Set;

/** The names that stand in the table. Those beginning with {@code openkcl} are ours. */
final class Attributes {
  static final String LEASE_KEY = "leaseKey";
  static final String ENTITY_TYPE = "entityType";

  static final String OWNER = "leaseOwner";
  static final String CHECKPOINT_OWNER = "checkpointOwner";
  static final String COUNTER = "leaseCounter";
  static final String SWITCHES = "ownerSwitchesSinceCheckpoint";
  static final String WRITER = "openkclWriter";

  static final String CHECKPOINT = "checkpoint";
  static final String CHECKPOINT_SUB = "checkpointSubSequenceNumber";
  static final String PENDING = "pendingCheckpoint";
  static final String PENDING_SUB = "pendingCheckpointSubSequenceNumber";
  static final String PENDING_STATE = "pendingCheckpointState";

  static final String PARENTS = "parentShardId";
  static final String CHILDREN = "childShardIds";
  static final String STARTING_HASH_KEY = "startingHashKey";
  static final String ENDING_HASH_KEY = "endingHashKey";
  static final String START_AT = "openkclStartAt";
  static final String STREAM_CREATED = "openkclStreamCreated";
  static final String STREAM_NAME = "streamName";
  static final String SHARD_ID = "shardId";
  static final String THROUGHPUT = "throughputKBps";
  static final String LAG = "openkclLagSeconds";

  static final String COORDINATOR_KEY = "key";
  static final String METRICS_KEY = "wid";

  static final String LOCK_OWNER = "ownerName";
  static final String LOCK_DURATION = "leaseDuration";
  static final String LOCK_VERSION = "recordVersionNumber";
  static final String LOCK_RELEASED = "isReleased";

  static final String CLIENT_VERSION = "cv";
  static final String TABLE_STATUS = "tm";
  static final String MODIFIED_BY = "mb";
  static final String MODIFIED_AT = "mts";
  static final String HISTORY = "h";

  static final String STREAM_ID = "streamId";

  static final String LAST_UPDATE = "lut";
  static final String METRICS = "sts";
  static final String OPERATING_RANGE = "opr";
  static final String PROPERTIES = "properties";
  static final String SUPPORT = "sup";
  static final String SUPPORT_UPDATE = "slu";
  static final String BEAT = "openkclBeat";
  static final String LEAVING = "openkclLeaving";
  static final String WEIGHT = "openkclWeight";
  static final String MAX_LEASES = "openkclMaxLeases";
  static final String FORMAT = "openkclFormat";

  static final String OWNER_INDEX = "LeaseOwnerToLeaseKeyIndex";

  /** The {@link #ENTITY_TYPE} of a lease. Items without any are leases too: older versions' */
  static final String LEASE = "LEASE";

  /** The {@link #ENTITY_TYPE} of a worker's item, Amazon's and ours. */
  static final String WORKER = "WORKER_METRIC_STATS";

  static final String LOCK = "LEADER";
  static final String STREAM = "STREAM";
  static final String CLIENT_MIGRATION = "CLIENT_VERSION_MIGRATION";
  static final String TABLE_MIGRATION = "TABLE_MIGRATION";

  /** Every {@link #ENTITY_TYPE} that is known not to be a lease. */
  static final Set<String> OTHER_ENTITIES =
      Set.of(WORKER, LOCK, STREAM, CLIENT_MIGRATION, TABLE_MIGRATION);

  private Attributes() {}
}
