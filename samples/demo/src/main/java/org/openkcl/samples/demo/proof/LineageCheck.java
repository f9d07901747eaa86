package org.openkcl.samples.demo.proof;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.openkcl.samples.demo.proof.Milestone.Call;
import org.openkcl.samples.demo.proof.ShardCheck.ShardFindings;

/** Whether children came after their parents: rule 4 of {@link Verifier}. */
final class LineageCheck {
  private LineageCheck() {}

  /** A child shard that was started too early, and how many of its deliveries were. */
  record Premature(String reason, long deliveries) {}

  static List<Premature> check(
      Map<String, List<String>> parents,
      Map<String, ShardFindings> findings,
      Map<String, List<Incarnation>> lives) {
    List<Premature> premature = new ArrayList<>();
    for (String child : parents.keySet().stream().sorted().toList()) {
      List<String> itsParents = parents.getOrDefault(child, List.of());
      long endMicros = itsParents.stream()
          .mapToLong(parent -> endMicros(findings.get(parent), lives.get(parent)))
          .max()
          .orElse(Long.MIN_VALUE);
      List<Incarnation> early = lives.getOrDefault(child, List.of()).stream()
          .filter(life -> life.startedMicros() < endMicros)
          .toList();
      if (!early.isEmpty()) {
        premature.add(premature(child, itsParents, early, endMicros));
      }
    }
    return premature;
  }

  private static Premature premature(
      String child, List<String> parents, List<Incarnation> early, long endMicros) {
    long deliveries = early.stream()
        .flatMap(life -> life.deliveries().stream())
        .filter(delivery -> delivery.atMicros() < endMicros)
        .count();
    long startedMicros =
        early.stream().mapToLong(Incarnation::startedMicros).min().orElse(endMicros);
    String when = endMicros == Long.MAX_VALUE
        ? "though its parents never ended"
        : (endMicros - startedMicros) / 1000 + " ms before its parents had ended";
    return new Premature(
        "%s was started by worker %s %s (%s): %d records came too early"
            .formatted(
                child,
                early.stream().map(Incarnation::worker).distinct().collect(joining(", ")),
                when,
                String.join(", ", parents),
                deliveries),
        deliveries);
  }

  /** When a parent was done with: all its records delivered and its end announced; never if not. */
  private static long endMicros(
      @Nullable ShardFindings findings, @Nullable List<Incarnation> lives) {
    if (findings == null || lives == null) {
      return Long.MAX_VALUE;
    }
    long announced = lives.stream()
        .map(life -> life.when(Call.SHARD_ENDED))
        .flatMapToLong(OptionalLong::stream)
        .min()
        .orElse(Long.MAX_VALUE);
    return Math.max(announced, findings.allDeliveredMicros());
  }
}
