package org.openkcl.local.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.NavigableSet;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/** The table of operations in the README: made of the SDK's operations, the cases and the notes. */
final class OperationTable {
  static final String REWRITE = "openkcl.rewriteOperations";

  private static final Path README = Path.of("README.md");
  private static final String BEGIN = "<!-- operations: begin -->\n";
  private static final String END = "<!-- operations: end -->\n";

  private OperationTable() {}

  /** What should stand in the README, when these operations are not supported. */
  static String wanted(Set<String> unsupported) {
    Properties notes = notes();
    StringBuilder table = new StringBuilder();
    table.append("| operation | here | errors | only by a fault on command | never |\n");
    table.append("|---|---|---|---|---|\n");
    for (String operation : ModelledErrors.all().keySet()) {
      table
          .append("| [")
          .append(operation)
          .append("](")
          .append(Case.page(operation))
          .append(") | ");
      if (unsupported.contains(operation)) {
        table.append("not supported by kcl-local | | | |\n");
        continue;
      }
      Rows rows = Conformance.of(operation);
      NavigableSet<String> natural = Conformance.errors(rows, each -> !each.scripted());
      NavigableSet<String> scripted = Conformance.errors(rows, Case::scripted);
      scripted.removeAll(natural);
      table
          .append(notes.getProperty(operation, ""))
          .append(" | ")
          .append(shortened(natural))
          .append(" | ")
          .append(shortened(scripted))
          .append(" | ")
          .append(shortened(rows.never().keySet()))
          .append(" |\n");
    }
    return table.toString();
  }

  static String present() {
    String readme = readme();
    return readme.substring(begin(readme), readme.indexOf(END));
  }

  static void rewrite(String table) {
    String readme = readme();
    String rewritten =
        readme.substring(0, begin(readme)) + table + readme.substring(readme.indexOf(END));
    try {
      Files.writeString(README, rewritten);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Names without the part that all of them have. */
  private static String shortened(Collection<String> errors) {
    return errors.stream()
        .map(error -> error.replaceFirst("Exception$", ""))
        .collect(Collectors.joining(", "));
  }

  private static int begin(String readme) {
    return readme.indexOf(BEGIN) + BEGIN.length();
  }

  private static String readme() {
    try {
      return Files.readString(README);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Properties notes() {
    Properties notes = new Properties();
    try (InputStream in = OperationTable.class.getResourceAsStream("/operations.properties")) {
      notes.load(in);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return notes;
  }
}
