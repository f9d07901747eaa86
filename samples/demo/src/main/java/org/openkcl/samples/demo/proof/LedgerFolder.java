package org.openkcl.samples.demo.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.openkcl.samples.demo.proof.LedgerLines.ProcessorLines;

/** Reads the workers' ledgers while they grow. Not thread-safe. */
public final class LedgerFolder {
  private final Path directory;
  private final Map<Path, Open> ledgers = new TreeMap<>();

  private record Open(LineTail tail, ProcessorLines lines) {}

  /** Over a directory that need not exist yet. */
  public LedgerFolder(Path directory) {
    this.directory = directory;
  }

  /**
   * All that the ledgers say up to now.
   *
   * @throws IOException if one cannot be read or is damaged elsewhere than in its last line
   */
  public List<Incarnation> read() throws IOException {
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        files
            .filter(path -> path.toString().endsWith(Ledger.SUFFIX))
            .forEach(path -> ledgers.computeIfAbsent(
                path, file -> new Open(new LineTail(file), new ProcessorLines())));
      }
    }
    for (Open ledger : ledgers.values()) {
      ledger.tail().poll(ledger.lines()::add);
    }
    return ledgers.values().stream()
        .map(ledger -> ledger.lines().incarnation())
        .flatMap(Optional::stream)
        .toList();
  }
}
