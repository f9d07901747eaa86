package org.openkcl.multilang.protocol;

import java.util.List;
import org.openkcl.multilang.protocol.ProtocolState.Phase;

/**
 * The dialogue with one child as a function: the state and what has happened give the next state
 * and what to do.
 *
 * <ul>
 *   <li>One call at a time; it ends with the status that names it.
 *   <li>Until then the child may ask for checkpoints, one after the other, if the call allows it;
 *       else they are answered with {@value #INVALID_STATE}.
 *   <li>Lines that are no messages are skipped. So is a status between calls: it answers nothing.
 *   <li>A status with an error ends the dialogue too, but not the child.
 *   <li>A status for something else, or the end of the output, breaks the dialogue for good.
 *   <li>leaseLost and shardEnded are the last calls.
 * </ul>
 */
public final class ProtocolMachine {
  static final String INVALID_STATE = "InvalidStateException";

  /** The next state and what is to be done, in order. */
  public record Step(ProtocolState state, List<ProtocolEffect> effects) {}

  private ProtocolMachine() {}

  /** What {@code event} makes of {@code state}. */
  public static Step step(ProtocolState state, ProtocolEvent event) {
    if (event instanceof ProtocolEvent.Begin begin) {
      return begin(state, begin.call());
    }
    if (event instanceof ProtocolEvent.Line line) {
      return line(state, line.line());
    }
    if (event instanceof ProtocolEvent.Stored stored) {
      return stored(state, stored);
    }
    return gone(state, (ProtocolEvent.Gone) event);
  }

  private static Step begin(ProtocolState state, Call call) {
    return switch (state.phase()) {
      case READY -> next(new ProtocolState(Phase.WAITING, call), new ProtocolEffect.Send(call));
      case BROKEN -> next(state, new ProtocolEffect.Fail("the child has failed before"));
      case CLOSED -> next(state, new ProtocolEffect.Fail("the child's shard is gone"));
      case WAITING, STORING ->
        throw new IllegalStateException(
            call + " was called before " + state.current() + " had returned");
    };
  }

  private static Step line(ProtocolState state, ChildLine line) {
    if (line instanceof ChildLine.Unexpected odd) {
      return next(state, new ProtocolEffect.Skip(odd.text(), odd.diagnosis()));
    }
    if (line instanceof ChildLine.Status status) {
      return status(state, status);
    }
    if (line instanceof ChildLine.Checkpoint request) {
      return checkpoint(state, request);
    }
    return next(state);
  }

  private static Step status(ProtocolState state, ChildLine.Status status) {
    if (state.phase() != Phase.WAITING) {
      return next(
          state,
          new ProtocolEffect.Skip(
              "status for " + status.responseFor(), "nothing was asked that it could answer"));
    }
    Call call = state.current();
    if (!call.action().equals(status.responseFor())) {
      String reason = "it answered " + status.responseFor() + " when it was asked " + call;
      return next(broken(), new ProtocolEffect.Fail(reason));
    }
    if (status.error() != null) {
      return next(broken(), new ProtocolEffect.LetGo(status.error()));
    }
    boolean last = call == Call.LEASE_LOST || call == Call.SHARD_ENDED;
    ProtocolState after = new ProtocolState(last ? Phase.CLOSED : Phase.READY, null);
    return next(after, new ProtocolEffect.Finish(call, status.extensions()));
  }

  private static Step checkpoint(ProtocolState state, ChildLine.Checkpoint request) {
    return switch (state.phase()) {
      case WAITING ->
        state.current().mayCheckpoint()
            ? next(
                new ProtocolState(Phase.STORING, state.call()), new ProtocolEffect.Store(request))
            : next(state, new ProtocolEffect.Reply(request, INVALID_STATE));
      case READY, STORING -> next(state, new ProtocolEffect.Reply(request, INVALID_STATE));
      case BROKEN, CLOSED -> next(state);
    };
  }

  private static Step stored(ProtocolState state, ProtocolEvent.Stored stored) {
    if (state.phase() != Phase.STORING) {
      return next(state); // the child is gone meanwhile
    }
    return next(
        new ProtocolState(Phase.WAITING, state.call()),
        new ProtocolEffect.Reply(stored.request(), stored.error()));
  }

  private static Step gone(ProtocolState state, ProtocolEvent.Gone gone) {
    return switch (state.phase()) {
      case WAITING, STORING -> next(broken(), new ProtocolEffect.Fail(gone.how()));
      case READY -> next(broken());
      case BROKEN, CLOSED -> next(state);
    };
  }

  private static ProtocolState broken() {
    return new ProtocolState(Phase.BROKEN, null);
  }

  private static Step next(ProtocolState state, ProtocolEffect... effects) {
    return new Step(state, List.of(effects));
  }
}
