package org.openkcl.multilang.child;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import org.openkcl.multilang.protocol.Extension;
import org.openkcl.multilang.protocol.ProtocolEvent;

/**
 * One shard's line to its child, which it may share with other shards. Sending and {@link #next}
 * are for one thread at a time.
 */
final class Conversation {
  /** A child that keeps to the protocol has one message of a shard under way. */
  private static final int MESSAGES_MAX = 16;

  private final ChildProcess process;
  private final String shardId;
  private final BlockingQueue<ProtocolEvent> messages = new ArrayBlockingQueue<>(MESSAGES_MAX);

  Conversation(ChildProcess process, String shardId) {
    this.process = process;
    this.shardId = shardId;
  }

  ChildProcess process() {
    return process;
  }

  String shardId() {
    return shardId;
  }

  /** What {@code initialize} offers the child. */
  Set<Extension> offers() {
    return process.offers();
  }

  /** Sends a message, or leaves it to be sent; if that fails, the child's end is told. */
  void send(Message message) throws IOException {
    process.send(message, shardId);
  }

  /** The next message of the child about this shard, or the child's end; waits for it. */
  ProtocolEvent next() throws InterruptedException {
    return messages.take();
  }

  /** A message that is there already; null when there is none. */
  @Nullable
  ProtocolEvent nextIfAny() {
    return messages.poll();
  }

  /** Never blocks: a shard whose messages nobody takes must not hold up the others. */
  void put(ProtocolEvent event) {
    if (!messages.offer(event)) {
      String reason = "it sent more than " + MESSAGES_MAX + " messages that nobody had asked for";
      messages.clear();
      messages.add(new ProtocolEvent.Gone(reason));
      process.killBecause(reason, shardId);
    }
  }
}
