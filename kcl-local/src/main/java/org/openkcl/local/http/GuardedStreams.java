package org.openkcl.local.http;

import java.util.function.Consumer;
import java.util.function.Function;
import org.openkcl.local.model.LocalStreams;

/** The streams, for many threads. What a question changed is kept before it is answered. */
public final class GuardedStreams {
  private final Guarded<LocalStreams> streams;
  private final StreamKeeper keeper;

  /** From now on nobody else may call {@code streams}. */
  public GuardedStreams(LocalStreams streams) {
    this(streams, StreamKeeper.IN_MEMORY);
  }

  /** From now on nobody else may call {@code streams}. */
  public GuardedStreams(LocalStreams streams, StreamKeeper keeper) {
    this.streams = new Guarded<>(streams);
    this.keeper = keeper;
  }

  /** Runs a question with the model to itself. */
  public <T> T ask(Function<LocalStreams, T> question) {
    return ask(question, true);
  }

  /** As {@link #ask}, for what reads anything or puts records, and changes nothing else. */
  public <T> T askRecords(Function<LocalStreams, T> question) {
    return ask(question, false);
  }

  /** Runs a change with the model to itself. */
  public void tell(Consumer<LocalStreams> change) {
    ask(answering(change), true);
  }

  /** As {@link #tell}, for what changes nothing that is kept, such as subscriptions. */
  void tellRecords(Consumer<LocalStreams> change) {
    ask(answering(change), false);
  }

  private static Function<LocalStreams, Boolean> answering(Consumer<LocalStreams> change) {
    return model -> {
      change.accept(model);
      return true;
    };
  }

  private <T> T ask(Function<LocalStreams, T> question, boolean mayChangeSettings) {
    Kept<T> kept = streams.ask(model -> {
      T answer = question.apply(model);
      return new Kept<>(answer, keeper.settle(model, mayChangeSettings));
    });
    keeper.await(kept.position());
    return kept.answer();
  }

  /** An answer, and up to where what it changed has to be kept before it is given. */
  private record Kept<T>(T answer, long position) {}
}
