package org.openkcl.multilang.conformance;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.openkcl.multilang.protocol.Extension;

/**
 * The conformance tester: plays a dialogue per rule with a child of its own and tells how each went.
 * First the classic protocol; then, if the child takes it up, the extension.
 */
public final class Conformance {
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

  /** Checks every rule; {@code told} gets each result at once. True if the child keeps to all. */
  public boolean run(Consumer<Result> told) throws InterruptedException {
    boolean good = true;
    for (Check check : new ClassicChecks(data).all()) {
      good &= run(check, Set.of(), told);
    }
    Probe probe = new Probe();
    good &= run(new Check("the offer of extensions is answered or ignored", probe), ALL, told);
    for (Check check : new SharedChecks(data, patience).all()) {
      if (probe.takenUp.contains(Extension.SHARDS)) {
        good &= run(check, ALL, told);
      } else {
        told.accept(new Result(
            check.rule(), Result.Outcome.SKIPPED, "the child does not take up the extension"));
      }
    }
    return good;
  }

  private boolean run(Check check, Set<Extension> offers, Consumer<Result> told)
      throws InterruptedException {
    Result result = result(check, offers);
    told.accept(result);
    return result.outcome() != Result.Outcome.FAILED;
  }

  private Result result(Check check, Set<Extension> offers) throws InterruptedException {
    try (TestedChild child = TestedChild.start(command, patience, offers.contains(Extension.LOG))) {
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
