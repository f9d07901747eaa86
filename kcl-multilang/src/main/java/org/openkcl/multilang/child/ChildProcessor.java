package org.openkcl.multilang.child;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.openkcl.multilang.protocol.Call;
import org.openkcl.multilang.protocol.ChildLine;
import org.openkcl.multilang.protocol.MessageWriter;
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
 * child is then ended, and every later call throws until {@code initialize} starts another.
 */
final class ChildProcessor implements ShardRecordProcessor {
  private static final Logger log = LoggerFactory.getLogger(ChildProcessor.class);

  private final Children children;
  private ProtocolState state = ProtocolState.NEW;
  private @Nullable ChildProcess child;
  private String shardId = "?";

  ChildProcessor(Children children) {
    this.children = children;
  }

  @Override
  public void initialize(InitializationInput input) throws Exception {
    shardId = input.shardId();
    child = children.start(shardId);
    state = ProtocolState.NEW;
    ExtendedSequenceNumber position = input.extendedSequenceNumber();
    try {
      call(
          Call.INITIALIZE,
          to -> to.initialize(shardId, position.sequenceNumber(), position.subSequenceNumber()),
          null);
    } catch (ChildFailedException failure) {
      children.startFailed();
      throw failure;
    }
    children.startSucceeded();
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
    if (child == null) {
      return; // it was never started, or has failed
    }
    call(Call.LEASE_LOST, to -> to.call(Call.LEASE_LOST), null);
    end();
  }

  private void end() throws InterruptedException {
    children.worked(shardId);
    ChildProcess ending = child;
    child = null;
    if (ending != null) {
      children.end(ending, shardId);
    }
  }

  /** The message of a call. */
  private interface Message {
    void writeTo(MessageWriter writer) throws IOException;
  }

  private void call(Call call, Message message, @Nullable RecordProcessorCheckpointer checkpointer)
      throws ChildFailedException {
    ChildProcess current = child;
    if (current == null) {
      throw new ChildFailedException(
          "The child of %s has failed: %s cannot be called. The shard".formatted(shardId, call)
              + " begins again from its last checkpoint");
    }
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
      throw failed(current, call, "the pipe to it broke, " + current.exit());
    } catch (BrokenDialogue broken) {
      throw failed(current, call, String.valueOf(broken.getMessage()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw failed(current, call, "the call was interrupted");
    }
  }

  private AnswerWatch watch(ChildProcess current, Call call) {
    return AnswerWatch.on(current, call + " of " + shardId, children.settings(), children.timer());
  }

  /** What the child says between calls answers nothing. */
  private void discardEarlyMessages(ChildProcess current) throws IOException, BrokenDialogue {
    for (ProtocolEvent early = current.nextIfAny(); early != null; early = current.nextIfAny()) {
      handle(early, current, to -> {}, null);
    }
  }

  private ChildFailedException failed(ChildProcess broken, Call call, String reason) {
    child = null;
    state = ProtocolMachine.step(state, new ProtocolEvent.Gone(reason)).state();
    children.discard(broken);
    children.failed(shardId);
    return new ChildFailedException("The child %d of %s failed in %s: %s. The shard begins again"
            .formatted(broken.pid(), shardId, call, reason)
        + " from its last checkpoint");
  }

  /** Carries out what an event leads to; true when the call has ended well. */
  private boolean handle(
      ProtocolEvent event,
      ChildProcess current,
      Message message,
      @Nullable RecordProcessorCheckpointer checkpointer)
      throws IOException, BrokenDialogue {
    ProtocolMachine.Step step = ProtocolMachine.step(state, event);
    state = step.state();
    boolean finished = false;
    for (ProtocolEffect effect : step.effects()) {
      if (effect instanceof ProtocolEffect.Send) {
        message.writeTo(current.writer());
      } else if (effect instanceof ProtocolEffect.Store store) {
        String error = store(store.request(), checkpointer);
        handle(new ProtocolEvent.Stored(store.request(), error), current, message, checkpointer);
      } else if (effect instanceof ProtocolEffect.Reply reply) {
        current.writer().checkpointReply(reply.request(), reply.error());
      } else if (effect instanceof ProtocolEffect.Fail fail) {
        throw new BrokenDialogue(fail.reason());
      } else if (effect instanceof ProtocolEffect.Skip skip) {
        log.info(
            "Skipped a line of the child of {}: {}: {}", shardId, skip.diagnosis(), skip.text());
      } else if (effect instanceof ProtocolEffect.Finish) {
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

    BrokenDialogue(String reason) {
      super(reason, null, false, false);
    }
  }
}
