package org.openkcl.metrics;

import static org.openkcl.metrics.ConsumerMetric.Form.AMOUNT;
import static org.openkcl.metrics.ConsumerMetric.Form.COUNTER;
import static org.openkcl.metrics.ConsumerMetric.Form.FAILURES;
import static org.openkcl.metrics.ConsumerMetric.Form.GAUGE;
import static org.openkcl.metrics.ConsumerMetric.Form.NOWHERE;
import static org.openkcl.metrics.ConsumerMetric.Form.TIMER;
import static org.openkcl.metrics.ConsumerMetric.Kinship.OURS;
import static org.openkcl.metrics.ConsumerMetric.Kinship.OWN_PACE;
import static org.openkcl.metrics.ConsumerMetric.Kinship.SAME;
import static org.openkcl.metrics.ConsumerMetric.Scope.APPLICATION;
import static org.openkcl.metrics.ConsumerMetric.Scope.SHARD;
import static org.openkcl.metrics.ConsumerMetric.Scope.STREAM;
import static org.openkcl.metrics.ConsumerMetric.Scope.WORKER;
import static org.openkcl.metrics.MetricLevel.DETAILED;
import static org.openkcl.metrics.MetricLevel.SUMMARY;
import static org.openkcl.metrics.MetricUnit.BYTES;
import static org.openkcl.metrics.MetricUnit.COUNT;
import static org.openkcl.metrics.MetricUnit.MILLISECONDS;

import java.util.List;

/**
 * Everything that is measured, declared once: how it is called in CloudWatch and in a {@code
 * MetricRegistry}, what it counts, and whether Amazon's library publishes the same. The page
 * docs/metrics.md is made of these declarations.
 */
public enum ConsumerMetric {
  // The start, and calls into processors that are no batches.
  START_SUCCESS(
      new Place("Scheduler:Initialize", "Initialize.Success", APPLICATION),
      new Kind(COUNT, SUMMARY, SAME),
      new Entry("start.failures", FAILURES),
      "One value per attempt to start: 1 if it succeeded, else 0."),
  INITIALIZE_TIME(
      new Place("InitializeTask", "RecordProcessor.initialize.Time", APPLICATION),
      new Kind(MILLISECONDS, SUMMARY, SAME),
      new Entry("processor.initialize.time", TIMER),
      "How long a call of initialize took in user code, whatever came of it."),
  SHUTDOWN_TIME(
      new Place("ShutdownTask", "RecordProcessor.shutdown.Time", APPLICATION),
      new Kind(MILLISECONDS, SUMMARY, SAME),
      new Entry("processor.shutdown.time", TIMER),
      "How long a call of shardEnded or leaseLost took in user code."),

  // Batches.
  RECORDS_PROCESSED(
      new Place("ProcessTask", "RecordsProcessed", SHARD),
      new Kind(COUNT, SUMMARY, SAME),
      new Entry("shard.batch.records", AMOUNT),
      "User records of a batch whose processRecords has returned; 0 for a read that found nothing."
          + " A batch that is delivered again after an exception counts once, when it succeeds;"
          + " what a failure policy skips does not count."),
  DATA_BYTES_PROCESSED(
      new Place("ProcessTask", "DataBytesProcessed", SHARD),
      new Kind(BYTES, SUMMARY, SAME),
      new Entry("shard.batch.bytes", AMOUNT),
      "Data of those records, without partition keys."),
  MILLIS_BEHIND_LATEST(
      new Place("ProcessTask", "MillisBehindLatest", SHARD),
      new Kind(MILLISECONDS, SUMMARY, SAME),
      new Entry("shard.behind.millis", GAUGE),
      "How far the batch was behind the shard's tip when it was read, as Kinesis says. Says nothing"
          + " while nothing is read: see Lag."),
  BATCH_SUCCESS(
      new Place("ProcessTask", "Success", SHARD),
      new Kind(COUNT, SUMMARY, SAME),
      new Entry("shard.batch.failures", FAILURES),
      "One value per call of processRecords, and per read that found nothing: 1 if the batch is"
          + " done, 0 if the call threw. In Amazon's library a batch that threw is done as well."),
  BATCH_TIME(
      new Place("ProcessTask", "Time", SHARD),
      new Kind(MILLISECONDS, SUMMARY, SAME),
      new Entry("batch.time", TIMER),
      "From the moment at which a batch may be delivered to the end of its call, the wait for a"
          + " thread included; 0 for a read that found nothing."),
  PROCESS_RECORDS_TIME(
      new Place("ProcessTask", "RecordProcessor.processRecords.Time", SHARD),
      new Kind(MILLISECONDS, SUMMARY, SAME),
      new Entry("processor.records.time", TIMER),
      "How long a call of processRecords took in user code, whatever came of it."),
  APPLICATION_BEHIND(
      new Place("ApplicationTracker", "MillisBehindLatest", APPLICATION),
      new Kind(MILLISECONDS, SUMMARY, SAME),
      new Entry("", NOWHERE),
      "MillisBehindLatest of every batch of every shard in one series; its maximum is the"
          + " application's."),

  // Reading.
  GET_RECORDS_SUCCESS(
      new Place("ProcessTask", "KinesisDataFetcher.getRecords.Success", SHARD),
      new Kind(COUNT, DETAILED, OWN_PACE),
      new Entry("shard.reads.failures", FAILURES),
      "One value per GetRecords call: 1 if it was answered with records or without, else 0."),
  GET_RECORDS_TIME(
      new Place("ProcessTask", "KinesisDataFetcher.getRecords.Time", SHARD),
      new Kind(MILLISECONDS, DETAILED, OWN_PACE),
      new Entry("read.time", TIMER),
      "From such a call to its answer."),
  GET_ITERATOR_SUCCESS(
      new Place("ProcessTask", "KinesisDataFetcher.getShardIterator.Success", SHARD),
      new Kind(COUNT, DETAILED, OWN_PACE),
      new Entry("shard.iterators.failures", FAILURES),
      "One value per GetShardIterator call: 1 if it gave an iterator, else 0."),
  GET_ITERATOR_TIME(
      new Place("ProcessTask", "KinesisDataFetcher.getShardIterator.Time", SHARD),
      new Kind(MILLISECONDS, DETAILED, OWN_PACE),
      new Entry("iterator.time", TIMER),
      "From such a call to its answer."),
  EXPIRED_ITERATOR(
      new Place("ProcessTask", "ExpiredIterator", STREAM),
      new Kind(COUNT, SUMMARY, SAME),
      new Entry("stream.iterators.expired", COUNTER),
      "1 for every iterator that had expired before it was used."),
  READS_THROTTLED(
      new Place("ProcessTask", "GetRecords.Throttled", SHARD),
      new Kind(COUNT, DETAILED, OURS),
      new Entry("shard.reads.throttled", COUNTER),
      "1 for every GetRecords call that Kinesis refused because of its limits: five calls and 2 MB a"
          + " second and shard, for all applications together."),
  SUBSCRIBE_SUCCESS(
      new Place("ProcessTask", "SubscribeToShard.Success", SHARD),
      new Kind(COUNT, DETAILED, OURS),
      new Entry("shard.subscriptions.failures", FAILURES),
      "Enhanced fan-out: one value per subscription, 1 when it opened, 0 when it failed, before or"
          + " later."),
  SUBSCRIBE_TIME(
      new Place("ProcessTask", "SubscribeToShard.Time", SHARD),
      new Kind(MILLISECONDS, DETAILED, OURS),
      new Entry("subscription.time", TIMER),
      "From such a call to the open subscription."),

  // Checkpoints and leases.
  CHECKPOINT_SUCCESS(
      new Place("ProcessTask", "UpdateLease.Success", SHARD),
      new Kind(COUNT, DETAILED, SAME),
      new Entry("shard.checkpoints.failures", FAILURES),
      "One value per checkpoint, or prepared checkpoint, that goes to the table, those in shardEnded"
          + " included: 1 if it is stored, else 0."),
  CHECKPOINT_TIME(
      new Place("ProcessTask", "UpdateLease.Time", SHARD),
      new Kind(MILLISECONDS, DETAILED, SAME),
      new Entry("checkpoint.time", TIMER),
      "From such a checkpoint to its outcome, retries included."),
  CREATE_LEASE_SUCCESS(
      new Place("ShardSyncTask", "CreateLease.Success", APPLICATION),
      new Kind(COUNT, DETAILED, SAME),
      new Entry("leases.created.failures", FAILURES),
      "One value per lease that is created when shards and leases are compared."),
  CREATE_LEASE_TIME(
      new Place("ShardSyncTask", "CreateLease.Time", APPLICATION),
      new Kind(MILLISECONDS, DETAILED, SAME),
      new Entry("lease.create.time", TIMER),
      "How long that write took."),
  CREATE_CHILD_SUCCESS(
      new Place("ShutdownTask", "CreateLease.Success", APPLICATION),
      new Kind(COUNT, DETAILED, SAME),
      new Entry("leases.created.failures", FAILURES),
      "One value per lease that is created for a child of a shard that has ended."),
  CREATE_CHILD_TIME(
      new Place("ShutdownTask", "CreateLease.Time", APPLICATION),
      new Kind(MILLISECONDS, DETAILED, SAME),
      new Entry("lease.create.time", TIMER),
      "How long that write took."),
  CURRENT_LEASES(
      new Place("RenewAllLeases", "CurrentLeases", WORKER),
      new Kind(COUNT, SUMMARY, OWN_PACE),
      new Entry("leases.held", GAUGE),
      "How many leases the worker holds; one value a second."),
  LOST_LEASES(
      new Place("RenewAllLeases", "LostLeases", WORKER),
      new Kind(COUNT, SUMMARY, SAME),
      new Entry("leases.lost", COUNTER),
      "1 for every lease that another worker took, or whose item was deleted, while this worker"
          + " held it, and a 0 a second, so that there is always a sum."),
  RENEW_LEASE_SUCCESS(
      new Place("RenewAllLeases", "RenewLease.Success", WORKER),
      new Kind(COUNT, DETAILED, OWN_PACE),
      new Entry("leases.renewals.failures", FAILURES),
      "One value per write of a held lease: 1 if it took effect, else 0. A renewal that carries a"
          + " checkpoint is one write."),
  RENEW_LEASE_TIME(
      new Place("RenewAllLeases", "RenewLease.Time", WORKER),
      new Kind(MILLISECONDS, DETAILED, OWN_PACE),
      new Entry("lease.renew.time", TIMER),
      "How long that write took."),
  TOTAL_LEASES(
      new Place("LeaseAssignmentManager", "TotalLeases", APPLICATION),
      new Kind(COUNT, SUMMARY, OWN_PACE),
      new Entry("", NOWHERE),
      "How many leases the application has; one value a second from the one worker that compares"
          + " shards and leases for all, where Amazon's has one from its leader."),
  WORKERS(
      new Place("LeaseAssignmentManager", "NumWorkers", APPLICATION),
      new Kind(COUNT, SUMMARY, OWN_PACE),
      new Entry("", NOWHERE),
      "How many live workers the application has, from the same worker."),
  ACTIVE_STREAMS(
      new Place("MultiStreamTracker", "ActiveStreams.Count", APPLICATION),
      new Kind(COUNT, SUMMARY, OWN_PACE),
      new Entry("streams.active", GAUGE),
      "How many streams an application of several is to read; one value a second from every"
          + " worker."),

  // What only OpenKCL measures.
  LAG(
      new Place("OpenKCL:Shard", "Lag", SHARD),
      new Kind(MILLISECONDS, SUMMARY, OURS),
      new Entry("shard.lag.millis", GAUGE),
      "How long the oldest record has waited that is not checkpointed; 0 when everything is. Grows"
          + " with the clock while a shard is stuck, whether in user code, in reading, in its pause,"
          + " or for want of a lease's proof. One value a second."),
  APPLICATION_LAG(
      new Place("OpenKCL:Application", "Lag", APPLICATION),
      new Kind(MILLISECONDS, SUMMARY, OURS),
      new Entry("lag.millis", GAUGE),
      "Lag of every shard of every worker in one series; its maximum is the application's. In the"
          + " registry the greatest of the worker's."),
  CHECKPOINT_AGE(
      new Place("OpenKCL:Shard", "CheckpointAge", SHARD),
      new Kind(MILLISECONDS, SUMMARY, OURS),
      new Entry("shard.checkpoint.age.millis", GAUGE),
      "How long ago the last checkpoint was stored, or the lease acquired, while something is not"
          + " checkpointed; else 0. One value a second."),
  PROCESSOR_FAILURES(
      new Place("OpenKCL:Shard", "ProcessorFailures", SHARD),
      new Kind(COUNT, SUMMARY, OURS),
      new Entry("shard.processor.failures", COUNTER),
      "1 for every call into a processor that threw."),
  RECORDS_SKIPPED(
      new Place("OpenKCL:Shard", "RecordsSkipped", SHARD),
      new Kind(COUNT, SUMMARY, OURS),
      new Entry("shard.records.skipped", COUNTER),
      "Records that a failure policy has given up."),
  POSSIBLE_DUPLICATES(
      new Place("OpenKCL:Shard", "PossibleDuplicates", SHARD),
      new Kind(COUNT, SUMMARY, OURS),
      new Entry("shard.records.possible.duplicates", COUNTER),
      "Records that were delivered after a take-over and had arrived before it: at most so many were"
          + " delivered by the former owner as well. A backlog counts too, so it is an upper bound."),
  CHECKPOINTS_FENCED(
      new Place("OpenKCL:Shard", "CheckpointsFenced", SHARD),
      new Kind(COUNT, SUMMARY, OURS),
      new Entry("shard.checkpoints.fenced", COUNTER),
      "1 for every checkpoint that was refused because the shard is not this worker's any more."),
  STUCK_CALLS(
      new Place("OpenKCL:Shard", "StuckCalls", SHARD),
      new Kind(COUNT, SUMMARY, OURS),
      new Entry("shard.calls.stuck", COUNTER),
      "1 for every call into a processor that was reported as taking unusually long."),
  HANDOFFS(
      new Place("OpenKCL:Worker", "Handoffs", WORKER),
      new Kind(COUNT, SUMMARY, OURS),
      new Entry("leases.handed.over", COUNTER),
      "1 for every lease that this worker gave up by itself, to a successor or to nobody."),
  TAKEOVERS(
      new Place("OpenKCL:Worker", "Takeovers", WORKER),
      new Kind(COUNT, SUMMARY, OURS),
      new Entry("leases.taken.over", COUNTER),
      "1 for every lease that this worker took because its owner no longer renewed it."),
  LOST_RACES(
      new Place("OpenKCL:Worker", "LostRaces", WORKER),
      new Kind(COUNT, DETAILED, OURS),
      new Entry("table.writes.lost", COUNTER),
      "1 for every conditional write that found something else in the table. Some are normal when"
          + " workers come and go."),
  TABLE_SCAN_SUCCESS(
      new Place("OpenKCL:Worker", "Scan.Success", WORKER),
      new Kind(COUNT, DETAILED, OURS),
      new Entry("table.scans.failures", FAILURES),
      "One value per scan of the lease table."),
  TABLE_SCAN_TIME(
      new Place("OpenKCL:Worker", "Scan.Time", WORKER),
      new Kind(MILLISECONDS, DETAILED, OURS),
      new Entry("table.scan.time", TIMER),
      "How long a scan took, all its pages together."),
  TABLE_READ_SUCCESS(
      new Place("OpenKCL:Worker", "ReadLease.Success", WORKER),
      new Kind(COUNT, DETAILED, OURS),
      new Entry("table.reads.failures", FAILURES),
      "One value per read of a single lease, or of those of one owner."),
  TABLE_READ_TIME(
      new Place("OpenKCL:Worker", "ReadLease.Time", WORKER),
      new Kind(MILLISECONDS, DETAILED, OURS),
      new Entry("table.read.time", TIMER),
      "How long that took."),
  TABLE_WRITE_SUCCESS(
      new Place("OpenKCL:Worker", "WriteLease.Success", WORKER),
      new Kind(COUNT, DETAILED, OURS),
      new Entry("table.writes.failures", FAILURES),
      "One value per write of a lease, of whatever kind: 1 if it was answered, also by a lost race,"
          + " else 0."),
  TABLE_WRITE_TIME(
      new Place("OpenKCL:Worker", "WriteLease.Time", WORKER),
      new Kind(MILLISECONDS, DETAILED, OURS),
      new Entry("table.write.time", TIMER),
      "How long that took."),
  TABLE_THROTTLED(
      new Place("OpenKCL:Worker", "TableThrottled", WORKER),
      new Kind(COUNT, SUMMARY, OURS),
      new Entry("table.throttled", COUNTER),
      "1 for every call that DynamoDB refused because of its limits."),
  LOOP_DELAY(
      new Place("OpenKCL:Worker", "LoopDelay", WORKER),
      new Kind(MILLISECONDS, SUMMARY, OURS),
      new Entry("loop.delay", TIMER),
      "How much later than planned a timer of the worker's event loop ran; one value a second. More"
          + " than some hundred: the process is starved of CPU, or stood still."),
  MEMORY_USED(
      new Place("OpenKCL:Worker", "MemoryBudgetUsed", WORKER),
      new Kind(BYTES, SUMMARY, OURS),
      new Entry("memory.used", GAUGE),
      "What records that are fetched and not yet processed take of the memory budget; one value a"
          + " second."),
  MEMORY_LIMIT(
      new Place("OpenKCL:Worker", "MemoryBudgetLimit", WORKER),
      new Kind(BYTES, DETAILED, OURS),
      new Entry("memory.limit", GAUGE),
      "The memory budget."),
  HEALTH(
      new Place("OpenKCL:Worker", "Health", WORKER),
      new Kind(MetricUnit.NONE, SUMMARY, OURS),
      new Entry("health", GAUGE),
      "0 for UP, 1 for DEGRADED, 2 for DOWN; one value a second."),
  EVENTS_DROPPED(
      new Place("OpenKCL:Worker", "EventsDropped", WORKER),
      new Kind(COUNT, SUMMARY, OURS),
      new Entry("events.dropped", COUNTER),
      "Events that a listener was not told because it was slow."),
  METRICS_DROPPED(
      new Place("OpenKCL:Worker", "MetricsDropped", WORKER),
      new Kind(COUNT, SUMMARY, OURS),
      new Entry("metrics.dropped", GAUGE),
      "How many values were to be published since the worker's start and never will be: CloudWatch"
          + " refused them, or did not take any for so long that there was no room. One value a"
          + " second.");

  /** What values are told apart by, beside the operation. */
  public enum Scope {
    /** Nothing: all workers of the application write to one series. */
    APPLICATION,
    /** The worker. */
    WORKER,
    /** The stream, where the application reads several, or gave an ARN. */
    STREAM,
    /** The shard, and the stream as for {@link #STREAM}. */
    SHARD;

    /** The dimensions in CloudWatch, beside {@code Operation}. */
    public List<String> dimensions() {
      return switch (this) {
        case APPLICATION -> List.of();
        case WORKER -> List.of("WorkerIdentifier");
        case STREAM -> List.of("StreamId");
        case SHARD -> List.of("ShardId", "StreamId");
      };
    }
  }

  /** What Amazon's library has. */
  public enum Kinship {
    /** The same: equal totals for counts and bytes, and as many values, for the same workload. */
    SAME,
    /** The same, but how many values there are depends on the pace at which each library works. */
    OWN_PACE,
    /** No such metric, or one of another meaning. */
    OURS
  }

  /** What it is in a {@code MetricRegistry}. */
  public enum Form {
    /** A counter that adds values up. */
    COUNTER,
    /** A counter of the values that are 0. */
    FAILURES,
    /** A timer over all shards of the worker. */
    TIMER,
    /** A counter of that name with {@code .total}, and a histogram over all shards. */
    AMOUNT,
    /** A gauge, read from the worker's last snapshot. */
    GAUGE,
    /** Nothing. */
    NOWHERE
  }

  /** Where it stands in CloudWatch. */
  private record Place(String operation, String name, Scope scope) {}

  private record Kind(MetricUnit unit, MetricLevel level, Kinship kinship) {}

  private record Entry(String name, Form form) {}

  private final String operation;
  private final String cloudWatchName;
  private final Scope scope;
  private final MetricUnit unit;
  private final MetricLevel level;
  private final Kinship kinship;
  private final String registryName;
  private final Form form;
  private final String meaning;

  ConsumerMetric(Place place, Kind kind, Entry entry, String meaning) {
    this.operation = place.operation();
    this.cloudWatchName = place.name();
    this.scope = place.scope();
    this.unit = kind.unit();
    this.level = kind.level();
    this.kinship = kind.kinship();
    this.registryName = entry.form() == NOWHERE ? "" : "openkcl." + entry.name();
    this.form = entry.form();
    this.meaning = meaning;
  }

  /** The value of dimension {@code Operation}, which every metric has. */
  public String operation() {
    return operation;
  }

  /** The name in CloudWatch, without the operation. */
  public String cloudWatchName() {
    return cloudWatchName;
  }

  /** What values are told apart by. */
  public Scope scope() {
    return scope;
  }

  /** What values count. */
  public MetricUnit unit() {
    return unit;
  }

  /** From which level on it is published. */
  public MetricLevel level() {
    return level;
  }

  /** What Amazon's library has. */
  public Kinship kinship() {
    return kinship;
  }

  /** The name in a registry, before its {@linkplain RegistryName tags}; empty for {@code NOWHERE}. */
  public String registryName() {
    return registryName;
  }

  /** What it is in a registry. */
  public Form form() {
    return form;
  }

  /** What a value means, in sentences. */
  public String meaning() {
    return meaning;
  }
}
