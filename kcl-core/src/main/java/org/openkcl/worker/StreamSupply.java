package org.openkcl.worker;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.openkcl.lineage.FormerStreams;

/** Which streams a worker reads: the port to what the application says of it. */
public interface StreamSupply {

  /** Whether leases name their stream, as those of applications with several streams do. */
  boolean several();

  /** How often to ask again. */
  Duration interval();

  /**
   * The streams to read now. A stream that was there before may be given as it was or anew; only its
   * name counts. Completes on any thread; may fail with anything.
   */
  CompletionStage<Wanted> wanted();

  /**
   * What is wanted.
   *
   * @param streams no two of the same name
   * @param deletion what becomes of the leases of streams that are not among them
   */
  record Wanted(List<StreamSource> streams, FormerStreams.Rule deletion) {
    public Wanted {
      streams = List.copyOf(streams);
    }
  }

  /** One stream for ever, whose leases do not name it. */
  static StreamSupply single(StreamSource stream) {
    return new StreamSupply() {
      @Override
      public boolean several() {
        return false;
      }

      @Override
      public Duration interval() {
        return Duration.ofMinutes(1);
      }

      @Override
      public CompletionStage<Wanted> wanted() {
        return CompletableFuture.completedFuture(
            new Wanted(List.of(stream), FormerStreams.Rule.KEEP));
      }
    };
  }
}
