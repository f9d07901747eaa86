package org.openkcl.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The patches of {@code ./kcl test --mutants}, which the ordinary build does not run. */
class MutantsTest {
  private static final Path MUTANTS = Path.of("mutants");

  @ParameterizedTest
  @MethodSource("mutants")
  void everyMutantStillFitsTheCode(Path patch) throws IOException {
    List<String> hunk = new ArrayList<>();
    String file = "";
    int hunks = 0;
    for (String line : Files.readAllLines(patch)) {
      if (line.startsWith("--- a/")) {
        assertFits(file, hunk);
        file = line.substring("--- a/".length());
      } else if (line.startsWith("@@")) {
        assertFits(file, hunk);
        hunks++;
      } else if (!file.isEmpty() && (line.startsWith(" ") || line.startsWith("-"))) {
        hunk.add(line.substring(1));
      }
    }
    assertFits(file, hunk);
    assertThat(hunks).isPositive();
  }

  private static void assertFits(String file, List<String> hunk) throws IOException {
    if (!hunk.isEmpty()) {
      String before = String.join("\n", hunk);
      assertThat(Path.of("..", file)).content().contains(before);
      hunk.clear();
    }
  }

  static List<Path> mutants() throws IOException {
    try (Stream<Path> files = Files.list(MUTANTS)) {
      return files.filter(file -> file.toString().endsWith(".patch")).sorted().toList();
    }
  }
}
