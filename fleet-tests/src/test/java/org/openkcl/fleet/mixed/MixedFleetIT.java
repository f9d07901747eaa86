package org.openkcl.fleet.mixed;

import static org.openkcl.fleet.mixed.Library.AMAZON_3_5_1;
import static org.openkcl.fleet.mixed.Library.OPENKCL;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Workers of OpenKCL and of Amazon's library, real processes, on one stream of kcl-local and one
 * lease table of DynamoDB Local. The ordinary build plays the first scenario; {@code ./kcl test
 * --full} plays all, with every version of Amazon's library that there is a peer of.
 */
class MixedFleetIT {
  private static final int SHARDS = 16;

  /** An Amazon worker waits ten seconds for its index, and for an empty table up to thirty more. */
  private static final Duration START = Duration.ofSeconds(150);

  private static final Duration UNDER_AMAZONS_LEADER = Duration.ofMinutes(10);
  private static final Duration UNDER_OUR_LEADER = Duration.ofMinutes(1);
  private static final Duration TAKE_OVER = Duration.ofMinutes(4);

  /** One shard is a quarter of a share of four, more than the imbalance that Amazon's leader sees. */
  private static final int AMAZONS_UNEVENNESS = 2;

  /**
   * Everybody has something: Amazon's leader moves a lease or two a minute when there is little to
   * read, so that a fleet of this size may take ten minutes to be even.
   */
  private static final int ANY_SHARES = SHARDS;

  @Test
  void amazonsWorkerTakesWhatOursLeavesAndOursWhatAmazonsLoses() throws Exception {
    Scenario.play("short-amazon-3.5.1", Pace.SHORT, SHARDS, fleet -> {
      fleet.start("openkcl-1", OPENKCL);
      fleet.awaitShares(START, 0, "openkcl-1");
      fleet.start("amazon-1", AMAZON_3_5_1);
      fleet.awaitSignOfLife(START, "amazon-1");
      fleet.stop("openkcl-1");
      fleet.awaitShares(TAKE_OVER, 0, "amazon-1");
      fleet.start("openkcl-2", OPENKCL);
      fleet.awaitSignOfLife(START, "openkcl-2");
      fleet.watch(Duration.ofSeconds(10)); // it has to see the pace of renewals
      fleet.kill("amazon-1");
      fleet.awaitShares(TAKE_OVER, 0, "openkcl-2");
    });
  }

  @Test
  @EnabledIfSystemProperty(named = "openkcl.full", matches = "true")
  void amazonsWorkerSharesWithOursThenEachGoesInTurn() throws Exception {
    Scenario.play("shares-amazon-3.5.1", Pace.SHORT, SHARDS, fleet -> {
      fleet.start("openkcl-1", OPENKCL);
      fleet.awaitShares(START, 0, "openkcl-1");
      fleet.start("amazon-1", AMAZON_3_5_1);
      fleet.awaitShares(START, AMAZONS_UNEVENNESS, "openkcl-1", "amazon-1");
      fleet.stop("openkcl-1");
      fleet.awaitShares(TAKE_OVER, 0, "amazon-1");
      fleet.start("openkcl-2", OPENKCL);
      fleet.awaitShares(START, AMAZONS_UNEVENNESS, "openkcl-2", "amazon-1");
      fleet.kill("amazon-1");
      fleet.awaitShares(TAKE_OVER, 0, "openkcl-2");
    });
  }

  @ParameterizedTest
  @EnumSource(names = "AMAZON_.*", mode = EnumSource.Mode.MATCH_ALL)
  @EnabledIfSystemProperty(named = "openkcl.full", matches = "true")
  void weJoinAmazonsWorkersUnderTheirLeader(Library amazon) throws Exception {
    Scenario.play("join-amazon-" + amazon.version(), Pace.USUAL, SHARDS, fleet -> {
      startBoth(fleet, amazon);
      fleet.awaitShares(UNDER_AMAZONS_LEADER, AMAZONS_UNEVENNESS, "amazon-1", "amazon-2");
      if (amazon.hasLeader()) {
        fleet.awaitLeader(START, "amazon-1", "amazon-2");
      }
      fleet.start("openkcl-1", OPENKCL);
      fleet.start("openkcl-2", OPENKCL);
      fleet.awaitShares(UNDER_AMAZONS_LEADER, 1, "amazon-1", "amazon-2", "openkcl-1", "openkcl-2");
    });
  }

  @ParameterizedTest
  @EnumSource(names = {"AMAZON_3_4_2", "AMAZON_3_5_1"})
  @EnabledIfSystemProperty(named = "openkcl.full", matches = "true")
  void weJoinAmazonsWorkersUnderOurLeader(Library amazon) throws Exception {
    Scenario.play("join-openkcl-leads-" + amazon.version(), Pace.USUAL, SHARDS, fleet -> {
      fleet.start("amazon-0", amazon); // a fleet of only ours takes no lock, so theirs leads first
      fleet.awaitLeader(START, "amazon-0");
      fleet.start("amazon-1", amazon);
      fleet.start("amazon-2", amazon);
      fleet.awaitSignOfLife(START, "amazon-1");
      fleet.awaitSignOfLife(START, "amazon-2");
      fleet.start("openkcl-1", OPENKCL);
      fleet.awaitSignOfLife(START, "openkcl-1");
      fleet.stop("amazon-0");
      fleet.awaitLeader(TAKE_OVER, "openkcl-1");
      fleet.awaitShares(TAKE_OVER, AMAZONS_UNEVENNESS, "amazon-1", "amazon-2", "openkcl-1");
      fleet.start("openkcl-2", OPENKCL);
      fleet.awaitShares(UNDER_OUR_LEADER, 1, "amazon-1", "amazon-2", "openkcl-1", "openkcl-2");
    });
  }

  @ParameterizedTest
  @EnumSource(names = "AMAZON_.*", mode = EnumSource.Mode.MATCH_ALL)
  @EnabledIfSystemProperty(named = "openkcl.full", matches = "true")
  void workersAreReplacedOneByOneThereAndBack(Library amazon) throws Exception {
    Scenario.play("rolling-amazon-" + amazon.version(), Pace.SHORT, SHARDS, fleet -> {
      startBoth(fleet, amazon);
      fleet.awaitShares(START, ANY_SHARES, "amazon-1", "amazon-2");
      replace(fleet, "amazon-1", "openkcl-1", OPENKCL, "amazon-2");
      replace(fleet, "amazon-2", "openkcl-2", OPENKCL, "openkcl-1");
      replace(fleet, "openkcl-1", "amazon-3", amazon, "openkcl-2");
      replace(fleet, "openkcl-2", "amazon-4", amazon, "amazon-3");
    });
  }

  /**
   * One after the other. Two workers of 3.x that start on a new application at the same moment race
   * for its migration item, and one of them may never get over having lost.
   */
  private static void startBoth(MixedFleet fleet, Library amazon) throws InterruptedException {
    fleet.start("amazon-1", amazon);
    fleet.awaitShares(START, 0, "amazon-1");
    fleet.start("amazon-2", amazon);
  }

  private static void replace(
      MixedFleet fleet, String former, String next, Library library, String other)
      throws InterruptedException {
    fleet.stop(former);
    fleet.start(next, library);
    fleet.awaitShares(TAKE_OVER, ANY_SHARES, next, other);
  }

  @ParameterizedTest
  @EnumSource(names = {"AMAZON_3_4_2", "AMAZON_3_5_1"})
  @EnabledIfSystemProperty(named = "openkcl.full", matches = "true")
  void eachLibraryLeadsInTurn(Library amazon) throws Exception {
    Scenario.play("leaders-amazon-" + amazon.version(), Pace.SHORT, SHARDS, fleet -> {
      fleet.start("amazon-1", amazon);
      fleet.awaitShares(START, 0, "amazon-1");
      fleet.awaitLeader(START, "amazon-1");
      fleet.start("openkcl-1", OPENKCL);
      fleet.awaitShares(TAKE_OVER, ANY_SHARES, "amazon-1", "openkcl-1");
      fleet.watch(Duration.ofSeconds(45));
      fleet.awaitShares(START, ANY_SHARES, "amazon-1", "openkcl-1");
      fleet.stop("amazon-1");
      fleet.awaitLeader(TAKE_OVER, "openkcl-1");
      fleet.start("amazon-2", amazon);
      fleet.awaitShares(START, AMAZONS_UNEVENNESS, "amazon-2", "openkcl-1");
      fleet.watch(Duration.ofSeconds(45));
      fleet.awaitShares(START, AMAZONS_UNEVENNESS, "amazon-2", "openkcl-1");
    });
  }

  @ParameterizedTest
  @EnumSource(names = "AMAZON_.*", mode = EnumSource.Mode.MATCH_ALL)
  @EnabledIfSystemProperty(named = "openkcl.full", matches = "true")
  void leadersAreKilled(Library amazon) throws Exception {
    Scenario.play("killed-amazon-" + amazon.version(), Pace.SHORT, SHARDS, fleet -> {
      fleet.start("amazon-1", amazon);
      fleet.awaitShares(START, 0, "amazon-1");
      fleet.start("openkcl-1", OPENKCL);
      fleet.awaitShares(TAKE_OVER, ANY_SHARES, "amazon-1", "openkcl-1");
      fleet.kill("amazon-1");
      fleet.awaitShares(TAKE_OVER, 0, "openkcl-1");
      if (amazon.hasLeader()) {
        fleet.awaitLeader(TAKE_OVER, "openkcl-1");
      }
      fleet.start("amazon-2", amazon);
      fleet.awaitShares(START, AMAZONS_UNEVENNESS, "amazon-2", "openkcl-1");
      fleet.kill("openkcl-1");
      fleet.awaitShares(TAKE_OVER, 0, "amazon-2");
    });
  }
}
