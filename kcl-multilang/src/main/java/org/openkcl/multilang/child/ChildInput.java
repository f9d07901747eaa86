package org.openkcl.multilang.child;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.openkcl.multilang.protocol.MessageWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pipe to a child. That of a child with one shard is written to by the shard's calls. A child
 * that may be shared is written to by a thread of its own, which {@link #writeAll} is for, one whole
 * message after the other: shards wait for the pipe there and not in each other's calls.
 */
final class ChildInput {
  private static final Logger log = LoggerFactory.getLogger(ChildInput.class);

  /** A message that waits for the pipe; an end of the input without one. */
  private record Outgoing(String shardId, Optional<Message> message) {}

  private final OutputStream pipe;
  private final MessageWriter writer;

  /** Bounded by the shards of the child: each has a call and an answer under way, at most. */
  private final @Nullable BlockingQueue<Outgoing> outbox;

  /**
   * The input of a child.
   *
   * @param queued whether messages are left to the thread of {@link #writeAll}
   */
  ChildInput(OutputStream pipe, boolean queued) {
    this.pipe = pipe;
    this.writer = new MessageWriter(pipe);
    this.outbox = queued ? new LinkedBlockingQueue<>() : null;
  }

  /** Whether a thread has to be in {@link #writeAll}. */
  boolean isQueued() {
    return outbox != null;
  }

  /** Writes a message, or leaves it to be written. */
  void send(Message message, String shardId) throws IOException {
    if (outbox == null) {
      message.writeTo(writer);
    } else {
      outbox.add(new Outgoing(shardId, Optional.of(message)));
    }
  }

  /**
   * Writes what is left to it until the input is closed.
   *
   * @param namesShards asked for each message: whether it is to name its shard
   * @param broken told when the pipe breaks
   */
  void writeAll(BooleanSupplier namesShards, Consumer<IOException> broken) {
    BlockingQueue<Outgoing> queue = outbox;
    if (queue == null) {
      throw new IllegalStateException("Messages of this child are written by the calls themselves");
    }
    try {
      Outgoing next = queue.take();
      while (next.message().isPresent()) {
        next.message()
            .get()
            .writeTo(writer.about(namesShards.getAsBoolean() ? next.shardId() : null));
        next = queue.take();
      }
      pipe.close();
    } catch (IOException failure) {
      broken.accept(failure);
    } catch (InterruptedException nobodyDoesThat) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells the child that nothing more comes, after what waits. */
  void close() {
    if (outbox != null) {
      outbox.add(new Outgoing("", Optional.empty()));
      return;
    }
    try {
      pipe.close();
    } catch (IOException alreadyGone) {
      log.trace("The input of a child was closed before", alreadyGone);
    }
  }
}
