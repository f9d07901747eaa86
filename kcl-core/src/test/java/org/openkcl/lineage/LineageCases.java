package org.openkcl.lineage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The drawn cases of docs/lineage-cases.md. */
final class LineageCases {
  private LineageCases() {}

  /**
   * One row of the page.
   *
   * @param line where it stands
   * @param timestamp the column that AT_TIMESTAMP means
   * @param cells as they stand, without "–"
   */
  record Case(int line, String picture, int timestamp, List<String> cells) {
    String leases() {
      return cells.get(0).equals("none") ? "" : cells.get(0);
    }

    /** LATEST, TRIM_HORIZON and AT_TIMESTAMP. */
    List<String> created() {
      return cells.subList(1, 4);
    }

    String starts() {
      return cells.get(4);
    }

    String goes() {
      return cells.get(5);
    }

    /** As {@link #created}, by Amazon's rules. */
    List<String> createdByAmazon() {
      return cells.get(6).equals("same")
          ? created()
          : Arrays.stream(cells.get(6).split("/")).map(LineageCases::cell).toList();
    }

    @Override
    public String toString() {
      return "line " + line + ": " + cells.get(0) + " of\n" + picture;
    }
  }

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    StringBuilder picture = new StringBuilder();
    boolean drawing = false;
    int timestamp = 0;
    List<String> lines = lines();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("```")) {
        drawing = !drawing;
        if (drawing) {
          picture.setLength(0);
        }
      } else if (drawing) {
        picture.append(line).append('\n');
      } else if (line.startsWith("| leases |") && line.contains("| AT ")) {
        timestamp = Integer.parseInt(line.replaceAll(".*\\| AT (\\d+) \\|.*", "$1"));
      } else if (line.startsWith("| ") && picture.length() > 0 && !line.startsWith("|---")) {
        String inner = line.substring(1, line.lastIndexOf('|'));
        List<String> cells =
            Arrays.stream(inner.split("\\|")).map(LineageCases::cell).toList();
        cases.add(new Case(i + 1, picture.toString(), timestamp, cells));
      }
    }
    return cases;
  }

  private static String cell(String text) {
    return text.strip().equals("–") ? "" : text.strip();
  }

  private static List<String> lines() {
    try {
      return Files.readAllLines(Path.of("../docs/lineage-cases.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
