package org.openkcl.multilang.conformance;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.openkcl.multilang.protocol.Call;
import org.openkcl.multilang.protocol.Extension;

/** The rules for children that take up {@code shards}: many shards, which every message names. */
final class SharedChecks {
  private static final Set<Extension> ALL = EnumSet.allOf(Extension.class);
  private static final int SHARDS = 3;

  private final List<String> data;
  private final Duration patience;

  SharedChecks(List<String> data, Duration patience) {
    this.data = data;
    this.patience = patience;
  }

  List<Check> all() {
    return List.of(
        new Check("shards: every answer names its shard", this::named),
        new Check("shards: batches of several shards at once are all answered", this::atOnce),
        new Check("shards: one that leaves and comes back disturbs no other", this::leaves),
        new Check("shards: one that ends disturbs no other", this::ends),
        new Check("shards: a checkpoint that is refused disturbs no other", this::refused),
        new Check("shards: one that waits for a checkpoint holds up no other", this::waits),
        new Check("shards: it ends when its standard input is closed", this::end));
  }

  private void open(Dialogue dialogue) throws Verdict, InterruptedException {
    for (int shard = 0; shard < SHARDS; shard++) {
      dialogue.initialize(shard, ALL);
      if (!dialogue.takenUp().contains(Extension.SHARDS)) {
        throw Verdict.failed("it took up shards in one process and not in the next");
      }
    }
  }

  private void named(TestedChild child, Dialogue dialogue) throws Verdict, InterruptedException {
    open(dialogue);
    for (int shard = 0; shard < SHARDS; shard++) {
      dialogue.deliver(shard, Batch.of(shard, 0, 10, data));
      dialogue.answered();
    }
    dialogue.silence("everything was answered already");
  }

  private void atOnce(TestedChild child, Dialogue dialogue) throws Verdict, InterruptedException {
    open(dialogue);
    for (int round = 0; round < 3; round++) {
      for (int shard = 0; shard < SHARDS; shard++) {
        dialogue.deliver(shard, Batch.of(shard, 100 * round, 100, data));
      }
      dialogue.answered();
    }
    dialogue.silence("everything was answered already");
  }

  private void leaves(TestedChild child, Dialogue dialogue) throws Verdict, InterruptedException {
    open(dialogue);
    dialogue.ask(1, Call.SHUTDOWN_REQUESTED);
    dialogue.answered();
    dialogue.ask(1, Call.LEASE_LOST);
    dialogue.deliver(2, Batch.of(2, 0, 10, data));
    dialogue.answered();
    dialogue.initialize(1, ALL);
    dialogue.deliver(1, Batch.of(1, 0, 10, data));
    dialogue.deliver(0, Batch.of(0, 0, 10, data));
    dialogue.answered();
  }

  private void ends(TestedChild child, Dialogue dialogue) throws Verdict, InterruptedException {
    open(dialogue);
    dialogue.deliver(0, Batch.of(0, 0, 10, data));
    dialogue.answered();
    dialogue.ask(0, Call.SHARD_ENDED);
    dialogue.deliver(1, Batch.of(1, 0, 10, data));
    dialogue.answered();
    dialogue.deliver(2, Batch.of(2, 0, 10, data));
    dialogue.answered();
  }

  private void refused(TestedChild child, Dialogue dialogue) throws Verdict, InterruptedException {
    open(dialogue);
    dialogue.refuse(0, "ShutdownException");
    dialogue.deliver(0, Batch.of(0, 0, 10, data));
    dialogue.settled(0);
    if (dialogue.checkpoints() == 0) {
      throw Verdict.skipped("it asked for no checkpoint while it processed records");
    }
    dialogue.deliver(1, Batch.of(1, 0, 10, data));
    dialogue.answered();
  }

  private void waits(TestedChild child, Dialogue dialogue) throws Verdict, InterruptedException {
    open(dialogue);
    dialogue.deliver(0, Batch.of(0, 0, 10, data));
    if (!dialogue.untilCheckpoint(0)) {
      throw Verdict.skipped("it asked for no checkpoint while it processed records");
    }
    dialogue.deliver(1, Batch.of(1, 0, 10, data));
    boolean goesOn = dialogue.isAnsweredWithin(1, patience.dividedBy(2));
    dialogue.answerCheckpoint(0);
    dialogue.answered();
    if (!goesOn) {
      throw Verdict.skipped("it works on one shard after the other, which is allowed:"
          + " timeoutInSeconds has to allow for the shards that wait");
    }
  }

  private void end(TestedChild child, Dialogue dialogue) throws Verdict, InterruptedException {
    open(dialogue);
    child.endsByItself();
  }
}
