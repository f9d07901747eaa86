package org.openkcl.samples.demo.proof;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The file in which one processor writes down what it was given, before it checkpoints. What {@code
 * write} returned from survives {@code kill -9} of the JVM. A line that was being written may be
 * torn; it was then not yet checkpointed either.
 *
 * <p>Not thread-safe, like the processor that owns it.
 */
public final class Ledger implements AutoCloseable {
  /** Ledgers' names end so. */
  static final String SUFFIX = ".ledger";

  private final AppendFile file;

  private Ledger(AppendFile file) {
    this.file = file;
  }

  /** Begins the ledger of a new processor; {@code ordinal} must be new for this worker. */
  public static Ledger create(Path directory, String worker, String shardId, int ordinal)
      throws IOException {
    AppendFile file =
        new AppendFile(directory.resolve(worker + "-" + ordinal + "-" + shardId + SUFFIX));
    file.append(LedgerLines.head(worker, shardId, ordinal));
    return new Ledger(file);
  }

  /** Writes down records, in the order given. */
  public void write(List<Delivery> deliveries) throws IOException {
    file.append(deliveries.stream().map(LedgerLines::of).collect(Collectors.joining()));
  }

  /** Writes down a call. */
  public void write(Milestone milestone) throws IOException {
    file.append(LedgerLines.of(milestone));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
