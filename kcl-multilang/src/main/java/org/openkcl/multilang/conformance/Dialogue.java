package org.openkcl.multilang.conformance;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openkcl.multilang.protocol.Call;
import org.openkcl.multilang.protocol.ChildLine;
import org.openkcl.multilang.protocol.Extension;

/**
 * What was asked of a child and what it may answer. Shards are numbered from 0. A dialogue begins
 * in the classic form, about shard 0; once the child has taken up {@code shards}, every message
 * names its shard. For one thread.
 */
final class Dialogue {
  private static final int CHECKPOINTS_MAX = 10_000;
  private static final Duration SILENCE = Duration.ofMillis(300);

  private final TestedChild child;
  private final Map<Integer, Call> asked = new LinkedHashMap<>();
  private final Map<Integer, Set<String>> delivered = new HashMap<>();
  private final Map<Integer, ChildLine.Status> answers = new HashMap<>();
  private Set<Extension> takenUp = Set.of();
  private @Nullable String refusal;
  private int refusedShard = -1;
  private int checkpoints;
  private ChildLine.@Nullable Checkpoint pending;

  Dialogue(TestedChild child) {
    this.child = child;
  }

  static String shardId(int shard) {
    return "shardId-%012d".formatted(shard);
  }

  /** The extensions that the child has taken up. */
  Set<Extension> takenUp() {
    return takenUp;
  }

  private boolean isShared() {
    return takenUp.contains(Extension.SHARDS);
  }

  /** How many checkpoints the child has asked for. */
  int checkpoints() {
    return checkpoints;
  }

  /** From now on checkpoints of a shard are refused. */
  void refuse(int shard, String error) {
    refusedShard = shard;
    refusal = error;
  }

  /** Sends initialize and waits for the answer. */
  void initialize(int shard, Set<Extension> offers) throws Verdict, InterruptedException {
    asked.put(shard, Call.INITIALIZE);
    child.say(null, to -> to.initialize(shardId(shard), "TRIM_HORIZON", 0L, offers));
    answered();
  }

  /** As the other, with members that no child can know. */
  void initializeWithUnknownMembers() throws Verdict, InterruptedException {
    asked.put(0, Call.INITIALIZE);
    child.sayLine("{\"action\":\"initialize\",\"shardId\":\"" + shardId(0)
        + "\",\"sequenceNumber\":\"TRIM_HORIZON\",\"subSequenceNumber\":0,"
        + "\"extensions\":[\"of-a-later-time\"],\"later\":7}");
    answered();
  }

  /** Sends a batch. */
  void deliver(int shard, Batch batch) throws Verdict, InterruptedException {
    asked.put(shard, Call.PROCESS_RECORDS);
    delivered.computeIfAbsent(shard, none -> new HashSet<>()).addAll(batch.sequenceNumbers());
    child.say(name(shard), to -> to.processRecords(batch.records(), 0L));
  }

  /** Sends a call without content. */
  void ask(int shard, Call call) throws Verdict, InterruptedException {
    asked.put(shard, call);
    child.say(name(shard), to -> to.call(call));
  }

  private @Nullable String name(int shard) {
    return isShared() ? shardId(shard) : null;
  }

  /** Reads until everything that was asked is answered well. */
  void answered() throws Verdict, InterruptedException {
    while (!asked.isEmpty()) {
      int shard = step();
      ChildLine.Status status = answers.get(shard);
      if (status != null && status.error() != null) {
        throw Verdict.failed("it gave up " + shardId(shard) + ": " + status.error());
      }
    }
  }

  /** Reads until a shard is answered, well or not. */
  void settled(int shard) throws Verdict, InterruptedException {
    while (asked.containsKey(shard)) {
      step();
    }
  }

  /** Reads until a shard asks for a checkpoint, which is not answered yet; false if it does not. */
  boolean untilCheckpoint(int shard) throws Verdict, InterruptedException {
    while (asked.containsKey(shard)) {
      ChildLine message = child.next(what());
      if (message instanceof ChildLine.Checkpoint request && shardOf(request) == shard) {
        examine(shard, request);
        pending = request;
        return true;
      }
      take(message);
    }
    return false;
  }

  /** Answers the checkpoint that was waited for. */
  void answerCheckpoint(int shard) throws Verdict, InterruptedException {
    reply(shard, Objects.requireNonNull(pending));
    pending = null;
  }

  /** Reads for some time; true once a shard is answered. */
  boolean isAnsweredWithin(int shard, Duration time) throws Verdict, InterruptedException {
    long end = child.nanoTime() + time.toNanos();
    while (asked.containsKey(shard)) {
      Optional<ChildLine> message =
          child.within(Duration.ofNanos(Math.max(0, end - child.nanoTime())));
      if (message.isEmpty()) {
        return false;
      }
      take(message.get());
    }
    return true;
  }

  /** Nothing may come now. */
  void silence(String why) throws Verdict, InterruptedException {
    Optional<ChildLine> message = child.within(SILENCE);
    if (message.isPresent()) {
      throw Verdict.failed(why + ": it sent " + described(message.get()));
    }
  }

  /** Takes one message; the number of its shard. */
  private int step() throws Verdict, InterruptedException {
    return take(child.next(what()));
  }

  private String what() {
    return "answer to "
        + asked.entrySet().stream()
            .map(entry -> entry.getValue() + " of " + shardId(entry.getKey()))
            .toList();
  }

  private int take(ChildLine message) throws Verdict, InterruptedException {
    int shard = shardOf(message);
    if (message instanceof ChildLine.Checkpoint request) {
      examine(shard, request);
      reply(shard, request);
    } else if (message instanceof ChildLine.Status status) {
      take(shard, status);
    }
    return shard;
  }

  private void take(int shard, ChildLine.Status status) throws Verdict {
    Call call = asked.remove(shard);
    if (call == null) {
      throw Verdict.failed("nothing was asked that this answers: " + described(status));
    }
    if (!call.action().equals(status.responseFor())) {
      throw Verdict.failed("responseFor must be " + call + ": it sent " + described(status));
    }
    if (call == Call.INITIALIZE && !isShared()) {
      takenUp = status.extensions();
    }
    answers.put(shard, status);
  }

  /** The shard of a message; in the classic form there is one, and it is not named. */
  private int shardOf(ChildLine message) throws Verdict {
    String named = message.shardId();
    if (named == null) {
      if (isShared()) {
        throw Verdict.failed("it must name the shard: it sent " + described(message));
      }
      return asked.keySet().stream().findFirst().orElse(0);
    }
    for (int shard : asked.keySet()) {
      if (shardId(shard).equals(named)) {
        return shard;
      }
    }
    throw Verdict.failed(
        "nothing is asked of the shard that it names: it sent " + described(message));
  }

  private void examine(int shard, ChildLine.Checkpoint request) throws Verdict {
    if (++checkpoints > CHECKPOINTS_MAX) {
      throw Verdict.failed("it asks for checkpoints without end");
    }
    String number = request.sequenceNumber();
    if (number != null && !delivered.getOrDefault(shard, Set.of()).contains(number)) {
      throw Verdict.failed("sequenceNumber must be that of a record that " + shardId(shard)
          + " was given, or null: it sent " + described(request));
    }
  }

  private void reply(int shard, ChildLine.Checkpoint request) throws Verdict, InterruptedException {
    Call call = asked.get(shard);
    String error = shard == refusedShard ? refusal : null;
    String told = call != null && !call.mayCheckpoint() ? "InvalidStateException" : error;
    child.say(name(shard), to -> to.checkpointReply(request, told));
  }

  private static String described(ChildLine message) {
    if (message instanceof ChildLine.Status status) {
      return "a status for " + status.responseFor() + " of shard " + status.shardId();
    }
    if (message instanceof ChildLine.Checkpoint request) {
      return "a checkpoint of " + request.sequenceNumber() + " of shard " + request.shardId();
    }
    return message.toString();
  }
}
