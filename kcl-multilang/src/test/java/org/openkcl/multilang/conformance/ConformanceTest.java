package org.openkcl.multilang.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openkcl.multilang.Languages;

/** Children that keep to the protocol and children that each break one rule, in Python. */
class ConformanceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofSeconds(3);

  @BeforeAll
  static void needsPython() {
    Languages.require("python3");
  }

  @Test
  void aGoodChildKeepsToEveryRule() throws Exception {
    List<Result> results = results("good", PATIENCE, "", true);
    assertThat(outcomes(results)).doesNotContain(Result.Outcome.FAILED);
    assertThat(results)
        .filteredOn(result -> result.outcome() == Result.Outcome.SKIPPED)
        .extracting(Result::detail)
        .satisfiesExactly(
            detail -> assertThat(detail).startsWith("it works on one shard after the other"));
  }

  @Test
  void aChildWithoutTheExtensionIsNotAskedAboutIt() throws Exception {
    List<Result> results = results("classic", PATIENCE, "", true);
    assertThat(outcomes(results)).doesNotContain(Result.Outcome.FAILED);
    assertThat(results)
        .filteredOn(result -> result.check().startsWith("shards:"))
        .isNotEmpty()
        .allMatch(result -> result.outcome() == Result.Outcome.SKIPPED);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(delimiter = '|', textBlock = """
      silent       | initialize is answered                    | it sent no answer to
      eager        | initialize is answered                    | nothing was offered: it took up [shards]
      unasked      | initialize is answered                    | nothing was asked: it sent a status for processRecords
      strict       | members that it does not know             | it has exited with code 1
      wrong        | a batch is answered                       | responseFor must be processRecords
      prints       | a batch is answered                       | it printed a line that is no message
      foreign      | a batch is answered                       | sequenceNumber must be that of a record
      hasty        | it waits for the answer                   | its checkpoint is not answered yet
      stubborn     | a checkpoint that is refused              | it asks for checkpoints without end
      loses        | shutdownRequested and leaseLost           | it sent no answer to
      unending     | shardEnded is answered                    | it sent no answer to
      survives     | it ends when its standard input is closed | it goes on 3000 ms after
      logs         | a batch is answered                       | which was not offered to it
      anonymous    | shards: every answer names its shard      | it must name the shard
      mixes        | shards: batches of several shards at once | nothing is asked of the shard
      forgets      | shards: one that leaves and comes back    | it has exited with code 1
      ends         | shards: one that ends disturbs no other   | it has exited with code 0
      diesRefused  | shards: a checkpoint that is refused      | it has exited with code 1
      sharedStays  | shards: it ends when its standard input   | it goes on 3000 ms after
      """)
  void aChildThatBreaksARuleIsToldWhich(String kind, String rule, String detail) throws Exception {
    assertThat(results(kind, SHORT, rule, false))
        .filteredOn(result -> result.check().startsWith(rule)) // the offer may fail as well
        .singleElement()
        .satisfies(result -> {
          assertThat(result.outcome()).as(result.detail()).isEqualTo(Result.Outcome.FAILED);
          assertThat(result.detail()).contains(detail);
        });
  }

  private static List<Result> results(String kind, Duration patience, String only, boolean good)
      throws Exception {
    Path script = Path.of(ConformanceTest.class.getResource("/conformance.py").toURI());
    List<Result> results = new ArrayList<>();
    boolean passed = new Conformance(
            List.of("python3", script.toString(), kind), patience, List.of("one", "two"))
        .run(rule -> rule.startsWith(only), results::add);
    assertThat(passed)
        .as(results.stream().map(Result::toString).collect(Collectors.joining("\n")))
        .isEqualTo(good);
    return results;
  }

  private static List<Result.Outcome> outcomes(List<Result> results) {
    return results.stream().map(Result::outcome).toList();
  }
}
