package org.openkcl.multilang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The languages that tests need. Where one is missing they are skipped with a line; the environment
 * variable {@code OPENKCL_LANGUAGES=required} makes its absence a failure.
 */
public final class Languages {
  private static final String WANTED = System.getenv().getOrDefault("OPENKCL_LANGUAGES", "");

  private Languages() {}

  public static void require(String... programs) {
    boolean present = Arrays.stream(programs).allMatch(Languages::onPath);
    if (!present) {
      System.out.println("Tests are skipped: not all there: " + List.of(programs));
      assertThat(WANTED).as("%s on the PATH", List.of(programs)).isNotEqualTo("required");
    }
    assumeTrue(present, () -> "on the PATH: " + List.of(programs));
  }

  private static boolean onPath(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
