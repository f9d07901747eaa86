package org.openkcl.samples.demo.proof;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.openkcl.samples.demo.proof.LedgerLines.ProducerLines;

/** The file in which the producer writes down what the stream acknowledged. Not thread-safe. */
public final class ProductionLedger implements AutoCloseable {
  private final AppendFile file;

  /** Begins one; the file must be new. */
  public ProductionLedger(Path path) throws IOException {
    file = new AppendFile(path);
  }

  /** Writes down records put. */
  public void write(List<PutRecord> puts) throws IOException {
    file.append(puts.stream().map(LedgerLines::of).collect(Collectors.joining()));
  }

  /** Writes down a shard of the stream and its parents. */
  public void writeShard(String shardId, List<String> parents) throws IOException {
    file.append(LedgerLines.ofShard(shardId, parents));
  }

  /** Reads one back. */
  public static Production read(Path path) throws IOException {
    ProducerLines lines = new ProducerLines();
    new LineTail(path).poll(lines::add);
    return lines.production();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
