package org.openkcl.metering;

import static org.openkcl.metrics.ConsumerMetric.APPLICATION_BEHIND;
import static org.openkcl.metrics.ConsumerMetric.APPLICATION_LAG;
import static org.openkcl.metrics.ConsumerMetric.BATCH_SUCCESS;
import static org.openkcl.metrics.ConsumerMetric.BATCH_TIME;
import static org.openkcl.metrics.ConsumerMetric.CHECKPOINTS_FENCED;
import static org.openkcl.metrics.ConsumerMetric.CHECKPOINT_AGE;
import static org.openkcl.metrics.ConsumerMetric.CHECKPOINT_SUCCESS;
import static org.openkcl.metrics.ConsumerMetric.CHECKPOINT_TIME;
import static org.openkcl.metrics.ConsumerMetric.DATA_BYTES_PROCESSED;
import static org.openkcl.metrics.ConsumerMetric.EXPIRED_ITERATOR;
import static org.openkcl.metrics.ConsumerMetric.GET_ITERATOR_SUCCESS;
import static org.openkcl.metrics.ConsumerMetric.GET_ITERATOR_TIME;
import static org.openkcl.metrics.ConsumerMetric.GET_RECORDS_SUCCESS;
import static org.openkcl.metrics.ConsumerMetric.GET_RECORDS_TIME;
import static org.openkcl.metrics.ConsumerMetric.INITIALIZE_TIME;
import static org.openkcl.metrics.ConsumerMetric.LAG;
import static org.openkcl.metrics.ConsumerMetric.MILLIS_BEHIND_LATEST;
import static org.openkcl.metrics.ConsumerMetric.POSSIBLE_DUPLICATES;
import static org.openkcl.metrics.ConsumerMetric.PROCESSOR_FAILURES;
import static org.openkcl.metrics.ConsumerMetric.PROCESS_RECORDS_TIME;
import static org.openkcl.metrics.ConsumerMetric.READS_THROTTLED;
import static org.openkcl.metrics.ConsumerMetric.RECORDS_PROCESSED;
import static org.openkcl.metrics.ConsumerMetric.RECORDS_SKIPPED;
import static org.openkcl.metrics.ConsumerMetric.SHUTDOWN_TIME;
import static org.openkcl.metrics.ConsumerMetric.STUCK_CALLS;
import static org.openkcl.metrics.ConsumerMetric.SUBSCRIBE_SUCCESS;
import static org.openkcl.metrics.ConsumerMetric.SUBSCRIBE_TIME;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openkcl.ProcessorCall;
import org.openkcl.StreamShard;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.metrics.ConsumerMetric;
import org.openkcl.metrics.Recorder;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.retrieval.ReadMeter;

/**
 * What is measured of one shard on this worker, from acquiring its lease until it is gone. Confined
 * to the event loop, but for {@link #callTook}.
 */
public final class ShardMeter implements ReadMeter {
  private static final double NANOS_PER_MILLI = 1_000_000;

  private final Meters meters;
  private final Subject subject;
  private final List<Recorder> open = new ArrayList<>();
  private final List<Runnable> gauges;

  private final Recorder initializeTime;
  private final Recorder shutdownTime;
  private final Recorder records;
  private final Recorder bytes;
  private final Recorder behind;
  private final Recorder applicationBehind;
  private final Recorder batchSuccess;
  private final Recorder batchTime;
  private final Recorder processTime;
  private final Recorder readSuccess;
  private final Recorder readTime;
  private final Recorder iteratorSuccess;
  private final Recorder iteratorTime;
  private final Recorder expired;
  private final Recorder throttled;
  private final Recorder subscribeSuccess;
  private final Recorder subscribeTime;
  private final Recorder checkpointSuccess;
  private final Recorder checkpointTime;
  private final Recorder lag;
  private final Recorder applicationLag;
  private final Recorder checkpointAge;
  private final Recorder failures;
  private final Recorder skipped;
  private final Recorder duplicates;
  private final Recorder fenced;
  private final Recorder stuck;
  private @Nullable Instant takenOverAt;

  ShardMeter(
      Meters meters, StreamShard shard, @Nullable Instant takenOverAt, List<Runnable> gauges) {
    this.meters = meters;
    this.subject = Subject.of(shard);
    this.takenOverAt = takenOverAt;
    this.gauges = gauges;
    initializeTime = recorder(INITIALIZE_TIME);
    shutdownTime = recorder(SHUTDOWN_TIME);
    records = recorder(RECORDS_PROCESSED);
    bytes = recorder(DATA_BYTES_PROCESSED);
    behind = recorder(MILLIS_BEHIND_LATEST);
    applicationBehind = recorder(APPLICATION_BEHIND);
    batchSuccess = recorder(BATCH_SUCCESS);
    batchTime = recorder(BATCH_TIME);
    processTime = recorder(PROCESS_RECORDS_TIME);
    readSuccess = recorder(GET_RECORDS_SUCCESS);
    readTime = recorder(GET_RECORDS_TIME);
    iteratorSuccess = recorder(GET_ITERATOR_SUCCESS);
    iteratorTime = recorder(GET_ITERATOR_TIME);
    expired = recorder(EXPIRED_ITERATOR);
    throttled = recorder(READS_THROTTLED);
    subscribeSuccess = recorder(SUBSCRIBE_SUCCESS);
    subscribeTime = recorder(SUBSCRIBE_TIME);
    checkpointSuccess = recorder(CHECKPOINT_SUCCESS);
    checkpointTime = recorder(CHECKPOINT_TIME);
    lag = recorder(LAG);
    applicationLag = recorder(APPLICATION_LAG);
    checkpointAge = recorder(CHECKPOINT_AGE);
    failures = recorder(PROCESSOR_FAILURES);
    skipped = recorder(RECORDS_SKIPPED);
    duplicates = recorder(POSSIBLE_DUPLICATES);
    fenced = recorder(CHECKPOINTS_FENCED);
    stuck = recorder(STUCK_CALLS);
  }

  private Recorder recorder(ConsumerMetric metric) {
    Recorder recorder = meters.recorder(metric, subject);
    open.add(recorder);
    return recorder;
  }

  /** The shard is gone from this worker. */
  public void close() {
    open.forEach(Recorder::close);
    gauges.forEach(Runnable::run);
  }

  // Batches.

  /** A read that found nothing. */
  public void nothingArrived(long millisBehindLatest) {
    records.record(0);
    bytes.record(0);
    behind(millisBehindLatest);
    batchSuccess.record(1);
    batchTime.record(0);
  }

  /** A batch with records came, which says how far behind it is. */
  public void behind(long millisBehindLatest) {
    behind.record((double) millisBehindLatest);
    applicationBehind.record((double) millisBehindLatest);
  }

  /** A batch is being given to the processor, for the first time or again. */
  public void delivering(List<KinesisClientRecord> batch) {
    Instant then = takenOverAt;
    if (then == null) {
      return;
    }
    int earlier = 0;
    for (KinesisClientRecord record : batch) {
      Instant arrival = record.approximateArrivalTimestamp();
      earlier += arrival != null && arrival.isBefore(then) ? 1 : 0;
    }
    duplicates.record(earlier);
    if (earlier < batch.size()) {
      takenOverAt = null; // what follows is younger
    }
  }

  /** A call has returned or thrown, so long after it entered user code. On any thread. */
  public void callTook(ProcessorCall call, long nanos) {
    switch (call) {
      case INITIALIZE -> initializeTime.record(nanos / NANOS_PER_MILLI);
      case PROCESS_RECORDS -> processTime.record(nanos / NANOS_PER_MILLI);
      case SHARD_ENDED, LEASE_LOST -> shutdownTime.record(nanos / NANOS_PER_MILLI);
      case SHUTDOWN_REQUESTED -> {}
    }
  }

  /** processRecords is over, so long after the batch might be delivered. */
  public void batchEnded(boolean succeeded, long nanos) {
    batchSuccess.record(succeeded ? 1 : 0);
    batchTime.record(nanos / NANOS_PER_MILLI);
  }

  /** A batch is done. */
  public void batchIsDone(long recordCount, long dataBytes) {
    records.record((double) recordCount);
    bytes.record((double) dataBytes);
  }

  // Reading.

  @Override
  public void iteratorOpened(long nanos) {
    iteratorSuccess.record(1);
    iteratorTime.record(nanos / NANOS_PER_MILLI);
  }

  @Override
  public void iteratorRefused(StreamFailure.Kind kind, long nanos) {
    iteratorSuccess.record(0);
    iteratorTime.record(nanos / NANOS_PER_MILLI);
  }

  @Override
  public void read(long nanos) {
    readSuccess.record(1);
    readTime.record(nanos / NANOS_PER_MILLI);
  }

  @Override
  public void readRefused(StreamFailure.Kind kind, long nanos) {
    readSuccess.record(0);
    readTime.record(nanos / NANOS_PER_MILLI);
    if (kind == StreamFailure.Kind.EXPIRED_ITERATOR) {
      expired.record(1);
    } else if (kind == StreamFailure.Kind.THROTTLED) {
      throttled.record(1);
    }
  }

  @Override
  public void subscribed(long nanos) {
    subscribeSuccess.record(1);
    subscribeTime.record(nanos / NANOS_PER_MILLI);
  }

  @Override
  public void subscriptionFailed(StreamFailure.Kind kind) {
    subscribeSuccess.record(0);
  }

  // Checkpoints.

  /** A checkpoint that went to the table has its answer. */
  public void checkpointed(boolean stored, long nanos) {
    checkpointSuccess.record(stored ? 1 : 0);
    checkpointTime.record(nanos / NANOS_PER_MILLI);
  }

  // What is looked at every second.

  /** How long the oldest record has waited that is not checkpointed, and the checkpoint itself. */
  public void waiting(long lagMillis, long checkpointAgeMillis) {
    lag.record((double) lagMillis);
    applicationLag.record((double) lagMillis);
    checkpointAge.record((double) checkpointAgeMillis);
  }

  // Events.

  void processorFailed() {
    failures.record(1);
  }

  void skipped(int recordCount) {
    skipped.record(recordCount);
  }

  void checkpointFenced() {
    fenced.record(1);
  }

  void callIsStuck() {
    stuck.record(1);
  }
}
