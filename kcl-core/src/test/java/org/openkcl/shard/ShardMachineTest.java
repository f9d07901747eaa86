package org.openkcl.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openkcl.shard.ShardState.Call;
import org.openkcl.shard.ShardState.Phase;

class ShardMachineTest {

  /** A step that can happen: events about calls only while one is under way. */
  private static boolean isPossible(ShardState state, ShardEvent event) {
    boolean aboutCall = event == ShardEvent.CALL_DONE || event == ShardEvent.CALL_FAILED;
    return !aboutCall || state.isBusy();
  }

  private record Transition(ShardState from, ShardEvent event, ShardMachine.Step step) {}

  private static Set<Transition> everything() {
    Set<Transition> transitions = new LinkedHashSet<>();
    Set<ShardState> seen = new HashSet<>();
    Deque<ShardState> toVisit = new ArrayDeque<>(List.of(ShardState.ACQUIRED));
    while (!toVisit.isEmpty()) {
      ShardState state = toVisit.remove();
      if (seen.add(state)) {
        for (ShardEvent event : ShardEvent.values()) {
          if (isPossible(state, event)) {
            ShardMachine.Step step = ShardMachine.step(state, event);
            transitions.add(new Transition(state, event, step));
            toVisit.add(step.state());
          }
        }
      }
    }
    return transitions;
  }

  private static ShardMachine.Row rowOf(Transition transition) {
    return ShardMachine.rows().stream()
        .filter(row -> row.from() == transition.from.phase() && row.event() == transition.event)
        .filter(row -> row.when().fits(transition.from))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void everyRowOfTheTableCanHappen() {
    Set<ShardMachine.Row> happened = everything().stream()
        .filter(t -> !t.step.effects().isEmpty() || !t.step.state().equals(t.from))
        .map(ShardMachineTest::rowOf)
        .collect(Collectors.toSet());
    assertThat(happened).containsAll(ShardMachine.rows());
  }

  @Test
  void atMostOneCallIsUnderWay() {
    for (Transition transition : everything()) {
      long begun =
          transition.step.effects().stream().filter(e -> e.call() != Call.NONE).count();
      boolean ended =
          transition.event == ShardEvent.CALL_DONE || transition.event == ShardEvent.CALL_FAILED;
      boolean stillBusy = transition.from.isBusy() && !ended;
      assertThat(begun + (stillBusy ? 1 : 0)).as("%s", transition).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void theLeaseIsGivenUpDuringACallOnlyWhenUserCodeHasHadItsTime() {
    for (Transition transition : everything()) {
      if (transition.step.effects().contains(ShardEffect.RELEASE)
          && transition.event != ShardEvent.TIME_OVER) {
        assertThat(transition.step.state().isBusy()).as("%s", transition).isFalse();
      }
    }
  }

  @Test
  void theEndIsStoredOnlyAfterChildrenHaveLeasesAndShardEndedReturned() {
    for (Transition transition : everything()) {
      if (transition.step.effects().contains(ShardEffect.STORE_END)) {
        assertThat(transition.from.call()).isEqualTo(Call.SHARD_ENDED);
        assertThat(transition.event).isEqualTo(ShardEvent.CALL_DONE);
      }
      if (transition.step.effects().contains(ShardEffect.CALL_SHARD_ENDED)) {
        assertThat(transition.from.phase()).isEqualTo(Phase.ENDING);
        assertThat(transition.event).isIn(ShardEvent.CHILDREN_READY, ShardEvent.RETRY_DUE);
      }
    }
  }

  @Test
  void recordsAreProcessedOnlyWhileConsuming() {
    for (Transition transition : everything()) {
      if (transition.step.effects().contains(ShardEffect.CALL_PROCESS_RECORDS)) {
        assertThat(transition.from.phase()).isEqualTo(Phase.CONSUMING);
        assertThat(transition.from.drainWanted()).as("%s", transition).isFalse();
      }
    }
  }

  @Test
  void aLostLeaseIsForgottenOnceUserCodeHasReturned() {
    for (Transition transition : everything()) {
      ShardState state = transition.from;
      Set<Phase> over = Set.of(Phase.LOST, Phase.ENDED, Phase.RELEASED, Phase.RELEASING);
      if (over.contains(state.phase())) {
        continue;
      }
      ShardMachine.Step step = ShardMachine.step(state, ShardEvent.LEASE_LOST);
      assertThat(step.state().phase()).isEqualTo(Phase.LOST);
      boolean forgotten = step.effects().contains(ShardEffect.FORGET);
      for (int i = 0; i < 2 && !forgotten; i++) {
        step = ShardMachine.step(step.state(), ShardEvent.CALL_DONE);
        forgotten = step.effects().contains(ShardEffect.FORGET);
      }
      assertThat(forgotten).as("%s", state).isTrue();
    }
  }

  @Test
  void aProcessorThatThrowsGetsTheBatchAgainUntilItSucceeds() {
    ShardState busy = new ShardState(Phase.CONSUMING, Call.PROCESS_RECORDS, false);
    ShardMachine.Step failed = ShardMachine.step(busy, ShardEvent.CALL_FAILED);
    assertThat(failed.effects()).containsExactly(ShardEffect.SCHEDULE_RETRY);
    ShardMachine.Step again = ShardMachine.step(failed.state(), ShardEvent.RETRY_DUE);
    assertThat(again.effects()).containsExactly(ShardEffect.CALL_PROCESS_RECORDS);
    ShardMachine.Step done = ShardMachine.step(again.state(), ShardEvent.CALL_DONE);
    assertThat(done.effects()).containsExactly(ShardEffect.NEXT_BATCH);
  }

  @Test
  void aReadingThatStallsBeginsAnewAndNothingElseDoes() {
    for (Transition transition : everything()) {
      if (transition.event == ShardEvent.READING_DUE
          && !transition.step.effects().isEmpty()) {
        assertThat(transition.from.phase()).isEqualTo(Phase.CONSUMING);
        assertThat(transition.from.isBusy()).isFalse();
        assertThat(transition.step.effects())
            .containsExactly(
                ShardEffect.STOP_READING, ShardEffect.START_READING, ShardEffect.NEXT_BATCH);
      }
    }
  }

  @Test
  void nothingIsAskedOfTheProcessorOnceTheLeaseIsBeingGivenUpButToLetGo() {
    Set<Phase> over = Set.of(Phase.RELEASING, Phase.RELEASED, Phase.LOST);
    for (Transition transition : everything()) {
      if (over.contains(transition.from.phase())) {
        transition.step.effects().stream()
            .filter(effect -> effect.call() != Call.NONE)
            .forEach(effect -> assertThat(effect).isEqualTo(ShardEffect.CALL_LEASE_LOST));
      }
    }
  }

  @Test
  void theDocumentedTableIsTheTable() throws IOException {
    List<String> lines =
        documented("table").filter(line -> line.startsWith("|")).skip(2).toList();
    assertThat(lines).containsExactlyElementsOf(rendered());
  }

  @Test
  void theDocumentedDiagramIsDrawnFromTheTable() throws IOException {
    List<String> lines = documented("diagram")
        .map(String::strip)
        .filter(line -> line.contains("-->"))
        .toList();
    assertThat(lines).containsExactlyElementsOf(drawn());
  }

  private static Stream<String> documented(String part) throws IOException {
    String page = Files.readString(Path.of("../docs/shard-machine.md"));
    String begin = "<!-- " + part + ":begin -->";
    return page.substring(
            page.indexOf(begin) + begin.length(), page.indexOf("<!-- " + part + ":end -->"))
        .lines();
  }

  /** An arrow for each pair of phases, with the events that lead from one to the other. */
  private static List<String> drawn() {
    Map<String, Set<String>> arrows = new LinkedHashMap<>();
    Set<String> ends = new LinkedHashSet<>();
    for (ShardMachine.Row row : ShardMachine.rows()) {
      if (row.from() != row.to()) {
        arrows
            .computeIfAbsent(row.from() + " --> " + row.to(), arrow -> new LinkedHashSet<>())
            .add(row.event().name());
      }
      if (row.effects().contains(ShardEffect.FORGET)) {
        ends.add(row.to() + " --> [*]");
      }
    }
    List<String> lines = new ArrayList<>(List.of("[*] --> AWAITING_PARENTS"));
    arrows.forEach((arrow, events) -> lines.add(arrow + ": " + String.join(", ", events)));
    lines.addAll(ends);
    return lines;
  }

  private static List<String> rendered() {
    return ShardMachine.rows().stream()
        .map(row -> "| %s | %s | %s | %s | %s |"
            .formatted(row.from(), row.event(), row.when(), row.to(), effects(row.effects())))
        .toList();
  }

  private static String effects(List<ShardEffect> effects) {
    return effects.isEmpty()
        ? "—"
        : effects.stream().map(ShardEffect::name).collect(Collectors.joining(", "));
  }
}
