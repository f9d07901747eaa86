package org.openkcl.retrieval;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.Simulation;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.processor.ChildShard;

/**
 * Answers from a script, each answer after a fixed latency. Where the script has ended iterators
 * are opened and reads find nothing, caught up.
 */
final class FakeShardReader implements ShardReader {
  static final Duration LATENCY = Duration.ofMillis(10);

  private final Simulation world;
  private final Deque<Supplier<Object>> script = new ArrayDeque<>();
  private final List<String> calls = new ArrayList<>();
  private final List<Long> callMillis = new ArrayList<>();
  private final List<Integer> limits = new ArrayList<>();
  private int iterators;

  FakeShardReader(Simulation world) {
    this.world = world;
  }

  /** Every call: {@code open <position>} or {@code read <iterator>}. */
  List<String> calls() {
    return calls;
  }

  /** When each of the calls came, in milliseconds since the start. */
  List<Long> callMillis() {
    return callMillis;
  }

  /** How many records each read asked for at most. */
  List<Integer> limits() {
    return limits;
  }

  /** The next call opens an iterator. */
  FakeShardReader iterator() {
    String iterator = "i" + ++iterators;
    script.add(() -> iterator);
    return this;
  }

  /** The next call finds these records of 1 KiB in all. */
  FakeShardReader records(long behindMillis, String... sequenceNumbers) {
    return large(1024, behindMillis, sequenceNumbers);
  }

  FakeShardReader large(long bytes, long behindMillis, String... sequenceNumbers) {
    return reply(bytes, "i" + ++iterators, behindMillis, List.of(), sequenceNumbers);
  }

  FakeShardReader shardEnd(List<ChildShard> children, String... sequenceNumbers) {
    return reply(1024, null, 0, children, sequenceNumbers);
  }

  private FakeShardReader reply(
      long bytes,
      @Nullable String next,
      long behindMillis,
      List<ChildShard> children,
      String... sequenceNumbers) {
    ReadReply reply =
        new ReadReply(TestRecords.of(sequenceNumbers), next, behindMillis, children, bytes);
    script.add(() -> reply);
    return this;
  }

  /** The next call fails. */
  FakeShardReader fails(StreamFailure.Kind kind) {
    script.add(() -> new StreamFailure(kind, "scripted " + kind, null));
    return this;
  }

  @Override
  public CompletionStage<String> openIterator(String shardId, ReadPosition position) {
    return answer("open " + position, () -> "i" + ++iterators).thenApply(String.class::cast);
  }

  @Override
  public CompletionStage<ReadReply> read(String iterator, int maxRecords) {
    limits.add(maxRecords);
    return answer(
            "read " + iterator, () -> new ReadReply(List.of(), "i" + ++iterators, 0, List.of(), 0))
        .thenApply(ReadReply.class::cast);
  }

  private CompletableFuture<Object> answer(String call, Supplier<Object> usual) {
    calls.add(call);
    callMillis.add(world.nanoTime() / 1_000_000);
    Supplier<Object> scripted = script.poll();
    Object answer = (scripted == null ? usual : scripted).get();
    CompletableFuture<Object> future = new CompletableFuture<>();
    world.schedule(LATENCY, () -> {
      if (answer instanceof StreamFailure failure) {
        future.completeExceptionally(failure);
      } else {
        future.complete(answer);
      }
    });
    return future;
  }
}
