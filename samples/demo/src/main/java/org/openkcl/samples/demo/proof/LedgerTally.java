package org.openkcl.samples.demo.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Counts what the workers' ledgers hold while they grow, without keeping it: for runs of millions of
 * records. Not thread-safe.
 */
public final class LedgerTally {
  private final Path directory;
  private final Map<Path, Counted> ledgers = new TreeMap<>();
  private final Map<String, String> latest = new HashMap<>();
  private long deliveries;

  /** One ledger; its shard is known once its first line has been read. */
  private final class Counted {
    private final LineTail tail;
    private String shardId = "";

    Counted(Path file) {
      tail = new LineTail(file);
    }

    void line(String line) {
      if (shardId.isEmpty()) {
        shardId = LedgerLines.shardOfHead(line);
      } else {
        LedgerLines.sequenceNumberOf(line).ifPresent(sequenceNumber -> {
          deliveries++;
          latest.merge(shardId, sequenceNumber, PutRecord::later);
        });
      }
    }
  }

  /** Over a directory that need not exist yet. */
  public LedgerTally(Path directory) {
    this.directory = directory;
  }

  /**
   * Counts what has come since the last call.
   *
   * @throws IOException if a ledger cannot be read
   */
  public void poll() throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      files
          .filter(path -> path.toString().endsWith(Ledger.SUFFIX))
          .forEach(path -> ledgers.computeIfAbsent(path, Counted::new));
    }
    for (Counted ledger : ledgers.values()) {
      ledger.tail.poll(ledger::line);
    }
  }

  /** How many records were processed, those that came twice counted twice. */
  public long deliveries() {
    return deliveries;
  }

  /** Each shard's highest sequence number processed. */
  public Map<String, String> latest() {
    return Map.copyOf(latest);
  }
}
