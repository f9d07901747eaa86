package org.openkcl.multilang.child;

import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openkcl.multilang.protocol.Call;
import org.openkcl.multilang.protocol.ChildLine;
import org.openkcl.multilang.protocol.Extension;
import org.openkcl.multilang.protocol.ProtocolEffect;
import org.openkcl.multilang.protocol.ProtocolEvent;
import org.openkcl.multilang.protocol.ProtocolMachine;
import org.openkcl.multilang.protocol.ProtocolState;
import org.openkcl.processor.ExtendedSequenceNumber;
import org.openkcl.processor.InitializationInput;
import org.openkcl.processor.LeaseLostInput;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.RecordProcessorCheckpointer;
import org.openkcl.processor.ShardEndedInput;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ShutdownRequestedInput;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processor of one shard that lives in a child process. Each call sends a message and waits for
 * the answer, storing checkpoints that the child asks for meanwhile. A call throws {@link
 * ChildFailedException} when the child is gone, does not answer in time or breaks the protocol; the
 * child is then ended, with all shards that it serves, and every later call throws until {@code
 * initialize} finds another.
 */
final class ChildProcessor implements ShardRecordProcessor {
  private static final Logger log = LoggerFactory.getLogger(ChildProcessor.class);

  private final Children children;
  private ProtocolState state = ProtocolState.NEW;
  private @Nullable Conversation conversation;
  private String shardId = "?";
  private Set<Extension> takenUp = Set.of();

  /** Whether the child had been sent the call under way, or the last one. */
  private boolean wasAsked;

  ChildProcessor(Children children) {
    this.children = children;
  }

  @Override
  public void initialize(InitializationInput input) throws Exception {
    shardId = input.shardId();
    Conversation opened = children.open(shardId);
    conversation = opened;
    state = ProtocolState.NEW;
    ExtendedSequenceNumber position = input.extendedSequenceNumber();
    boolean first = opened == opened.process().first();
    try {
      call(
          Call.INITIALIZE,
          to -> to.initialize(
              shardId, position.sequenceNumber(), position.subSequenceNumber(), opened.offers()),
          null);
    } catch (ChildFailedException failure) {
      if (first) {
        children.startFailed();
      }
      throw failure;
    }
    if (first) {
      children.startSucceeded(opened.process(), takenUp);
    }
  }

  @Override
  public void processRecords(ProcessRecordsInput input) throws Exception {
    call(
        Call.PROCESS_RECORDS,
        to -> to.processRecords(input.records(), input.millisBehindLatest()),
        input.checkpointer());
    children.worked(shardId);
  }

  @Override
  public void shardEnded(ShardEndedInput input) throws Exception {
    call(Call.SHARD_ENDED, to -> to.call(Call.SHARD_ENDED), input.checkpointer());
    end();
  }

  @Override
  public void shutdownRequested(ShutdownRequestedInput input) throws Exception {
    call(Call.SHUTDOWN_REQUESTED, to -> to.call(Call.SHUTDOWN_REQUESTED), input.checkpointer());
  }

  @Override
  public void leaseLost(LeaseLostInput input) throws Exception {
    if (conversation == null) {
      return; // it was never started, or has failed
    }
    call(Call.LEASE_LOST, to -> to.call(Call.LEASE_LOST), null);
    end();
  }

  private void end() throws InterruptedException {
    children.worked(shardId);
    Conversation ending = conversation;
    conversation = null;
    if (ending != null) {
      children.end(ending);
    }
  }

  private void call(Call call, Message message, @Nullable RecordProcessorCheckpointer checkpointer)
      throws ChildFailedException {
    Conversation current = conversation;
    if (current == null) {
      throw new ChildFailedException(
          "The child of %s has failed: %s cannot be called. The shard".formatted(shardId, call)
              + " begins again from its last checkpoint");
    }
    wasAsked = false;
    try {
      discardEarlyMessages(current);
      boolean finished;
      try (AnswerWatch watch = watch(current, call)) {
        finished = handle(new ProtocolEvent.Begin(call), current, message, checkpointer);
      }
      while (!finished) {
        ProtocolEvent event;
        try (AnswerWatch watch = watch(current, call)) {
          event = current.next();
        }
        finished = handle(event, current, message, checkpointer);
      }
    } catch (IOException broken) {
      throw failed(current, call, "the pipe to it broke, " + current.process().exit());
    } catch (BrokenDialogue broken) {
      String reason = String.valueOf(broken.getMessage());
      throw broken.isOfThisShardAlone && current.process().isShared()
          ? letGo(current, call, reason)
          : failed(current, call, reason);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw failed(current, call, "the call was interrupted");
    }
  }

  private AnswerWatch watch(Conversation current, Call call) {
    return AnswerWatch.on(current, call.action(), children.settings(), children.timers());
  }

  /** What the child says between calls answers nothing. */
  private void discardEarlyMessages(Conversation current) throws IOException, BrokenDialogue {
    for (ProtocolEvent early = current.nextIfAny(); early != null; early = current.nextIfAny()) {
      handle(early, current, to -> {}, null);
    }
  }

  private ChildFailedException failed(Conversation broken, Call call, String reason) {
    ChildProcess child = broken.process();
    String told = wasAsked ? reason : reason + ": " + child.exit();
    child.giveUp(reason, shardId);
    boolean blamed = child.mayHaveEndedBy(shardId) && (wasAsked || !child.isShared());
    children.discard(child);
    return failure(broken, call, told, blamed);
  }

  private ChildFailedException letGo(Conversation broken, Call call, String reason) {
    children.letGo(broken);
    return failure(broken, call, reason, true);
  }

  private ChildFailedException failure(
      Conversation broken, Call call, String reason, boolean blamed) {
    conversation = null;
    state = ProtocolMachine.step(state, new ProtocolEvent.Gone(reason)).state();
    if (blamed) {
      children.failed(shardId);
    }
    return new ChildFailedException("The child %d of %s failed in %s: %s. The shard begins again"
            .formatted(broken.process().pid(), shardId, call, reason)
        + " from its last checkpoint");
  }

  /** Carries out what an event leads to; true when the call has ended well. */
  private boolean handle(
      ProtocolEvent event,
      Conversation current,
      Message message,
      @Nullable RecordProcessorCheckpointer checkpointer)
      throws IOException, BrokenDialogue {
    ProtocolMachine.Step step = ProtocolMachine.step(state, event);
    state = step.state();
    boolean finished = false;
    for (ProtocolEffect effect : step.effects()) {
      if (effect instanceof ProtocolEffect.Send) {
        wasAsked = true;
        current.send(message);
      } else if (effect instanceof ProtocolEffect.Store store) {
        String error = store(store.request(), checkpointer);
        handle(new ProtocolEvent.Stored(store.request(), error), current, message, checkpointer);
      } else if (effect instanceof ProtocolEffect.Reply reply) {
        current.send(to -> to.checkpointReply(reply.request(), reply.error()));
      } else if (effect instanceof ProtocolEffect.Fail fail) {
        throw new BrokenDialogue(fail.reason(), false);
      } else if (effect instanceof ProtocolEffect.LetGo letGo) {
        throw new BrokenDialogue(letGo.reason(), true);
      } else if (effect instanceof ProtocolEffect.Skip skip) {
        current.process().skippedLines().skipped(shardId, skip.diagnosis(), skip.text());
      } else if (effect instanceof ProtocolEffect.Finish finish) {
        takenUp = finish.extensions();
        finished = true;
      }
    }
    return finished;
  }

  private static @Nullable String store(
      ChildLine.Checkpoint request, @Nullable RecordProcessorCheckpointer checkpointer) {
    if (checkpointer == null) {
      return "InvalidStateException";
    }
    String sequenceNumber = request.sequenceNumber();
    Long subSequenceNumber = request.subSequenceNumber();
    try {
      if (sequenceNumber == null) {
        checkpointer.checkpoint();
      } else if (subSequenceNumber == null) {
        checkpointer.checkpoint(sequenceNumber);
      } else {
        checkpointer.checkpoint(sequenceNumber, subSequenceNumber);
      }
      return null;
    } catch (Exception refused) { // whatever it is, the child is to decide
      log.debug("A checkpoint of a child was refused", refused);
      return refused.getClass().getSimpleName();
    }
  }

  /** The dialogue has ended before its time. */
  private static final class BrokenDialogue extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean isOfThisShardAlone;

    BrokenDialogue(String reason, boolean isOfThisShardAlone) {
      super(reason, null, false, false);
      this.isOfThisShardAlone = isOfThisShardAlone;
    }
  }
}
