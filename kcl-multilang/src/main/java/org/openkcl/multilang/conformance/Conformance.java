package org.openkcl.multilang.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.openkcl.environment.Environment;
import org.openkcl.multilang.protocol.Extension;

/**
 * The conformance tester: plays a dialogue per rule with a child of its own and tells how each went.
 * First the classic protocol; then, if the child takes it up, the extension.
 */
public final class Conformance {
  private static final String PROBE = "the offer of extensions is answered or ignored";
  private static final Set<Extension> ALL = EnumSet.allOf(Extension.class);

  private final List<String> command;
  private final Duration patience;
  private final List<String> data;

  /**
   * A tester.
   *
   * @param command the program and its arguments
   * @param patience how long the child may take for each answer
   * @param data what its records are made of, over and over; at least one
   */
  public Conformance(List<String> command, Duration patience, List<String> data) {
    if (data.isEmpty()) {
      throw new IllegalArgumentException("data must have at least one line: got none");
    }
    this.command = List.copyOf(command);
    this.patience = patience;
    this.data = List.copyOf(data);
  }

  /**
   * Checks rules; {@code told} gets each result at once.
   *
   * @param only which rules, by their text
   * @return true if the child keeps to all of them that concern it
   */
  public boolean run(Predicate<String> only, Consumer<Result> told) throws InterruptedException {
    List<Result> results = new ArrayList<>();
    Consumer<Result> all = told.andThen(results::add);
    for (Check check : chosen(new ClassicChecks(data).all(), only)) {
      all.accept(play(check, Set.of()));
    }
    List<Check> shared = chosen(new SharedChecks(data, patience).all(), only);
    Probe probe = new Probe();
    if (!shared.isEmpty() || only.test(PROBE)) {
      Result probed = play(new Check(PROBE, probe), ALL);
      if (only.test(PROBE) || probed.outcome() == Result.Outcome.FAILED) {
        all.accept(probed);
      }
    }
    for (Check check : shared) {
      all.accept(
          probe.takenUp.contains(Extension.SHARDS)
              ? play(check, ALL)
              : new Result(
                  check.rule(),
                  Result.Outcome.SKIPPED,
                  "the child does not take up the extension"));
    }
    return results.stream().noneMatch(result -> result.outcome() == Result.Outcome.FAILED);
  }

  private static List<Check> chosen(List<Check> checks, Predicate<String> only) {
    return checks.stream().filter(check -> only.test(check.rule())).toList();
  }

  private Result play(Check check, Set<Extension> offers) throws InterruptedException {
    try (Environment environment = Environment.system();
        TestedChild child =
            TestedChild.start(command, patience, offers.contains(Extension.LOG), environment)) {
      try {
        check.script().play(child, new Dialogue(child));
        return new Result(check.rule(), Result.Outcome.OK, "");
      } catch (Verdict verdict) {
        return verdict.of(check.rule(), child.lastErrors());
      }
    } catch (Verdict notStarted) {
      return notStarted.of(check.rule(), "");
    }
  }

  /** Offers everything and notes what is taken up. */
  private final class Probe implements Check.Script {
    private Set<Extension> takenUp = Set.of();

    @Override
    public void play(TestedChild child, Dialogue dialogue) throws Verdict, InterruptedException {
      dialogue.initialize(0, ALL);
      takenUp = dialogue.takenUp();
      dialogue.deliver(0, Batch.of(0, 0, 10, data));
      dialogue.answered();
    }
  }
}
