package org.openkcl.testkit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openkcl.processor.ExtendedSequenceNumber;
import org.openkcl.processor.InitializationInput;
import org.openkcl.processor.InvalidStateException;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.LeaseLostInput;
import org.openkcl.processor.PreparedCheckpointer;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.RecordProcessorCheckpointer;
import org.openkcl.processor.ShardEndedInput;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ShutdownException;
import org.openkcl.processor.ShutdownRequestedInput;

/**
 * A processor between the library and user code that sees every call and every acknowledgement, and
 * checks what one instance may expect: the order of calls, one at a time, records without gaps.
 */
final class ObservedProcessor implements ShardRecordProcessor {
  private final ShardRecordProcessor user;
  private final Invariants invariants;
  private final String workerId;
  private final String processName;

  /** Calls under way in this process, by shard. */
  private final Map<String, String> callsUnderWay;

  private @Nullable ShardHistory shard;
  private String lastCall = "";
  private int next;
  private int failedFrom = -1;
  private int failedUntil = -1;
  private boolean deliveredBefore;

  ObservedProcessor(
      ShardRecordProcessor user,
      Invariants invariants,
      String workerId,
      String processName,
      Map<String, String> callsUnderWay) {
    this.user = user;
    this.invariants = invariants;
    this.workerId = workerId;
    this.processName = processName;
    this.callsUnderWay = callsUnderWay;
  }

  ShardHistory shard() {
    ShardHistory known = shard;
    if (known == null) {
      throw new IllegalStateException("initialize comes first");
    }
    return known;
  }

  String workerId() {
    return workerId;
  }

  String processName() {
    return processName;
  }

  /** The index of the record that must come next. */
  int next() {
    return next;
  }

  /** Whether the last batch was thrown back, so that the same one comes again. */
  boolean isRetrying() {
    return failedFrom >= 0;
  }

  boolean isFirstDelivery() {
    return !deliveredBefore;
  }

  @Override
  public void initialize(InitializationInput input) throws Exception {
    ShardHistory history = invariants.stream().shard(input.shardId());
    if (history == null) {
      invariants.breach("initialize for unknown shard " + input.shardId());
      return;
    }
    shard = history;
    next = startOf(history, input.extendedSequenceNumber());
    invariants.initializing(this);
    call("initialize", "", () -> user.initialize(input));
  }

  private int startOf(ShardHistory history, ExtendedSequenceNumber checkpoint) {
    if (checkpoint.isSentinelCheckpoint()) {
      return history.firstDue;
    }
    Integer index = invariants.stream().indexOf(checkpoint.sequenceNumber());
    return index == null ? history.firstDue : index + 1;
  }

  @Override
  public void processRecords(ProcessRecordsInput input) throws Exception {
    List<KinesisClientRecord> records = input.records();
    int from = indexOf(records.get(0));
    int until = from + records.size();
    checkOrder(records, from, until);
    invariants.delivering(this, from, until, input.fencingToken());
    deliveredBefore = true;
    next = until;
    failedFrom = from; // unless it returns
    failedUntil = until;
    ProcessRecordsInput observed =
        input.toBuilder().checkpointer(observe(input.checkpointer())).build();
    call("processRecords", "initialize processRecords", () -> user.processRecords(observed));
    failedFrom = -1;
  }

  private void checkOrder(List<KinesisClientRecord> records, int from, int until) {
    boolean again = isRetrying() && from == failedFrom && until == failedUntil;
    if (!again && (isRetrying() || from != next)) {
      invariants.breach("%s got [%d, %d) of %s where %s was to come"
          .formatted(
              processName,
              from,
              until,
              shard().shardId,
              isRetrying() ? "again [" + failedFrom + ", " + failedUntil + ")" : next));
    }
    for (int i = 0; i < records.size(); i++) {
      if (indexOf(records.get(i)) != from + i) {
        invariants.breach("%s got record %d of %s where %d was to come"
            .formatted(processName, indexOf(records.get(i)), shard().shardId, from + i));
      }
    }
  }

  private int indexOf(KinesisClientRecord record) {
    Integer index = invariants.stream().indexOf(record.sequenceNumber());
    if (index == null) {
      invariants.breach(processName + " got a record that was never put: " + record);
      return -1;
    }
    return index;
  }

  @Override
  public void leaseLost(LeaseLostInput input) throws Exception {
    if (shard == null) {
      user.leaseLost(input);
      return;
    }
    call(
        "leaseLost",
        "initialize processRecords shardEnded shutdownRequested leaseLost",
        () -> user.leaseLost(input));
  }

  @Override
  public void shardEnded(ShardEndedInput input) throws Exception {
    if (!shard().closed || next < shard().size()) {
      invariants.breach("shardEnded of %s after %d of %d records"
          .formatted(shard().shardId, next, shard().size()));
    }
    call(
        "shardEnded",
        "initialize processRecords shardEnded",
        () -> user.shardEnded(new ShardEndedInput(observe(input.checkpointer()))));
  }

  @Override
  public void shutdownRequested(ShutdownRequestedInput input) throws Exception {
    call(
        "shutdownRequested",
        "initialize processRecords shardEnded",
        () -> user.shutdownRequested(new ShutdownRequestedInput(observe(input.checkpointer()))));
  }

  /** A call of user code. */
  private interface UserCall {
    void run() throws Exception;
  }

  private void call(String method, String after, UserCall call) throws Exception {
    String shardId = shard().shardId;
    if (!method.equals("initialize") && !List.of(after.split(" ")).contains(lastCall)) {
      invariants.breach(processName + " calls " + method + " of " + shardId + " after " + lastCall);
    }
    String other = callsUnderWay.put(shardId, method);
    if (other != null) {
      invariants.breach(processName + " calls " + method + " of " + shardId + " during " + other);
    }
    lastCall = method;
    try {
      call.run();
    } finally {
      callsUnderWay.remove(shardId);
    }
  }

  // Acknowledgements: whatever user code asks to checkpoint.

  private RecordProcessorCheckpointer observe(RecordProcessorCheckpointer checkpointer) {
    return (RecordProcessorCheckpointer) Proxy.newProxyInstance(
        getClass().getClassLoader(),
        new Class<?>[] {RecordProcessorCheckpointer.class},
        (proxy, method, arguments) -> {
          Object[] given = arguments == null ? new Object[0] : arguments;
          if (method.getName().equals("checkpoint")) {
            acknowledge(given);
          }
          try {
            Object result = method.invoke(checkpointer, given);
            return result instanceof PreparedCheckpointer prepared ? observe(prepared) : result;
          } catch (InvocationTargetException thrown) {
            throw thrown.getCause() == null ? thrown : thrown.getCause();
          }
        });
  }

  private PreparedCheckpointer observe(PreparedCheckpointer prepared) {
    return new PreparedCheckpointer() {
      @Override
      public ExtendedSequenceNumber pendingCheckpoint() {
        return prepared.pendingCheckpoint();
      }

      @Override
      public void checkpoint() throws InvalidStateException, ShutdownException {
        acknowledge(pendingCheckpoint().sequenceNumber());
        prepared.checkpoint();
      }
    };
  }

  private void acknowledge(Object[] arguments) {
    if (arguments.length == 0) {
      boolean thrownBack = isRetrying() && !lastCall.equals("processRecords");
      invariants.acknowledged(shard(), thrownBack ? failedFrom : next);
    } else if (arguments[0] instanceof KinesisClientRecord record) {
      acknowledge(record.sequenceNumber());
    } else if (arguments[0] instanceof String sequenceNumber) {
      acknowledge(sequenceNumber);
    }
  }

  private void acknowledge(String sequenceNumber) {
    Integer index = invariants.stream().indexOf(sequenceNumber);
    if (index != null) {
      invariants.acknowledged(shard(), index + 1);
    } else if (sequenceNumber.equals("SHARD_END")) {
      invariants.acknowledged(shard(), next);
    }
  }
}
