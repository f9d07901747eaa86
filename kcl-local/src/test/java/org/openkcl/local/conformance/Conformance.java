package org.openkcl.local.conformance;

import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The whole table of cases. */
final class Conformance {
  static final List<Rows> ALL = Stream.of(
          StreamRows.all(),
          RecordRows.all(),
          ConsumerRows.all(),
          SettingRows.all(),
          AccountRows.all(),
          TagRows.all(),
          PolicyRows.all())
      .flatMap(List::stream)
      .toList();

  private Conformance() {}

  static Rows of(String operation) {
    return ALL.stream()
        .filter(rows -> rows.operation().equals(operation))
        .findFirst()
        .orElseThrow(() -> new AssertionError("No cases for " + operation));
  }

  /** The names of the errors that such cases of an operation end with. */
  static NavigableSet<String> errors(Rows rows, Predicate<Case> such) {
    return rows.cases().stream()
        .filter(such)
        .map(Case::error)
        .filter(Objects::nonNull)
        .map(Class::getSimpleName)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
