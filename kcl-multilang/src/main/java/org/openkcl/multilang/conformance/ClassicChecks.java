package org.openkcl.multilang.conformance;

import java.util.List;
import java.util.Set;
import org.openkcl.multilang.protocol.Call;

/** The rules of the protocol as all children speak it: one shard, which messages do not name. */
final class ClassicChecks {
  private static final int LARGE = 2 * 1024 * 1024;

  private final List<String> data;

  ClassicChecks(List<String> data) {
    this.data = data;
  }

  List<Check> all() {
    return List.of(
        new Check("initialize is answered, and nothing is taken up unasked", this::initialize),
        new Check("members that it does not know are ignored", this::unknownMembers),
        new Check("a batch is answered, its checkpoints are of records in it", this::batch),
        new Check("a batch of 2 MiB is read and answered", this::largeBatch),
        new Check("it waits for the answer to a checkpoint", this::waitsForCheckpoint),
        new Check("a checkpoint that is refused ends in an answer or an exit", this::refused),
        new Check("shutdownRequested and leaseLost are answered", this::handedOver),
        new Check("shardEnded is answered", this::shardEnded),
        new Check("it ends when its standard input is closed", this::end));
  }

  private void initialize(TestedChild child, Dialogue dialogue)
      throws Verdict, InterruptedException {
    dialogue.initialize(0, Set.of());
    if (!dialogue.takenUp().isEmpty()) {
      throw Verdict.failed("nothing was offered: it took up " + dialogue.takenUp());
    }
    dialogue.silence("nothing was asked");
  }

  private void unknownMembers(TestedChild child, Dialogue dialogue)
      throws Verdict, InterruptedException {
    dialogue.initializeWithUnknownMembers();
    dialogue.deliver(0, Batch.of(0, 0, 1, data));
    dialogue.answered();
  }

  private void batch(TestedChild child, Dialogue dialogue) throws Verdict, InterruptedException {
    dialogue.initialize(0, Set.of());
    for (int i = 0; i < 3; i++) {
      dialogue.deliver(0, Batch.of(0, 10 * i, 10, data));
      dialogue.answered();
    }
    dialogue.silence("the batch was answered already");
  }

  private void largeBatch(TestedChild child, Dialogue dialogue)
      throws Verdict, InterruptedException {
    dialogue.initialize(0, Set.of());
    int each = data.stream().mapToInt(String::length).sum() / data.size() + 100;
    dialogue.deliver(0, Batch.of(0, 0, LARGE / each, data));
    dialogue.answered();
  }

  private void waitsForCheckpoint(TestedChild child, Dialogue dialogue)
      throws Verdict, InterruptedException {
    dialogue.initialize(0, Set.of());
    dialogue.deliver(0, Batch.of(0, 0, 10, data));
    if (!dialogue.untilCheckpoint(0)) {
      throw Verdict.skipped("it asked for no checkpoint while it processed records");
    }
    dialogue.silence("its checkpoint is not answered yet");
    dialogue.answerCheckpoint(0);
    dialogue.answered();
  }

  private void refused(TestedChild child, Dialogue dialogue) throws Verdict, InterruptedException {
    dialogue.initialize(0, Set.of());
    dialogue.refuse(0, "ShutdownException");
    dialogue.deliver(0, Batch.of(0, 0, 10, data));
    try {
      dialogue.settled(0);
    } catch (Verdict verdict) {
      if (!child.isAtEnd()) {
        throw verdict;
      }
    }
    if (dialogue.checkpoints() == 0) {
      throw Verdict.skipped("it asked for no checkpoint while it processed records");
    }
  }

  private void handedOver(TestedChild child, Dialogue dialogue)
      throws Verdict, InterruptedException {
    dialogue.initialize(0, Set.of());
    dialogue.deliver(0, Batch.of(0, 0, 10, data));
    dialogue.answered();
    dialogue.ask(0, Call.SHUTDOWN_REQUESTED);
    dialogue.answered();
    dialogue.ask(0, Call.LEASE_LOST);
    dialogue.answered();
    child.endsByItself();
  }

  private void shardEnded(TestedChild child, Dialogue dialogue)
      throws Verdict, InterruptedException {
    dialogue.initialize(0, Set.of());
    dialogue.deliver(0, Batch.of(0, 0, 10, data));
    dialogue.answered();
    dialogue.ask(0, Call.SHARD_ENDED);
    dialogue.answered();
    child.endsByItself();
  }

  private void end(TestedChild child, Dialogue dialogue) throws Verdict, InterruptedException {
    dialogue.initialize(0, Set.of());
    child.endsByItself();
  }
}
