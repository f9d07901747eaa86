package org.openkcl.leases.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.plan.FleetView.Holding;
import org.openkcl.leases.plan.FleetView.Member;
import org.openkcl.leases.plan.FleetView.Standing;

/** Random views, from tidy ones to such as nobody should ever see. */
final class UglyFleets {
  static final long NOW = TimeUnit.DAYS.toNanos(3);

  private final SplittableRandom chance;
  private final boolean ugly;

  UglyFleets(SplittableRandom chance, boolean ugly) {
    this.chance = chance;
    this.ugly = ugly;
  }

  PlanSettings settings() {
    Objective[] objectives = Objective.values();
    return new PlanSettings(
        objectives[chance.nextInt(objectives.length)],
        0.02 + chance.nextDouble() * (chance.nextInt(5) == 0 ? 0.9 : 0.25),
        chance.nextInt(4) == 0 ? chance.nextInt(3) : chance.nextInt(50),
        Duration.ofSeconds(chance.nextInt(600)));
  }

  FleetView view() {
    int workers = chance.nextInt(ugly ? 12 : 9) + (ugly ? 0 : 1);
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      members.add(member("w" + chance.nextInt(ugly ? 12 : 1_000)));
    }
    int size = chance.nextInt(5) == 0 ? chance.nextInt(4) : chance.nextInt(80);
    List<Holding> leases = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      leases.add(holding(new LeaseKey("shard-" + (ugly ? chance.nextInt(100) : i)), members));
    }
    return new FleetView(leases, members);
  }

  private Member member(String id) {
    if (!ugly) {
      return Member.sharing(id);
    }
    Standing[] standings = Standing.values();
    Standing standing =
        chance.nextInt(3) == 0 ? standings[chance.nextInt(standings.length)] : Standing.SHARING;
    double[] weights = {1, 1, 1, 0.5, 2, 7.3, 0, -1, Double.NaN, Double.POSITIVE_INFINITY};
    int[] limits = {Integer.MAX_VALUE, Integer.MAX_VALUE, 20, 5, 1, 0, -3};
    return new Member(
        id,
        standing,
        chance.nextInt(4) == 0,
        weights[chance.nextInt(weights.length)],
        limits[chance.nextInt(limits.length)],
        measurement(100));
  }

  private Holding holding(LeaseKey key, List<Member> members) {
    return new Holding(key, owner(members), measurement(900), measurement(5_000), moved());
  }

  private @Nullable String owner(List<Member> members) {
    int who = chance.nextInt(members.size() + 3);
    if (who < members.size()) {
      // the first ones have most, as if the others had just come
      return members.get(chance.nextInt(2) == 0 ? who / 3 : who).id();
    }
    return who == members.size() ? null : who == members.size() + 1 ? "gone" : "amazon-2x";
  }

  private @Nullable Double measurement(double most) {
    if (ugly && chance.nextInt(6) == 0) {
      double[] odd = {
        Double.NaN, -1, -0.0, 1e300, Double.MAX_VALUE, Double.NEGATIVE_INFINITY, 1 / 0.0
      };
      return odd[chance.nextInt(odd.length)];
    }
    return switch (chance.nextInt(6)) {
      case 0 -> null;
      case 1 -> 0.0;
      case 2 -> most * 3 * chance.nextDouble();
      default -> most / 10 * Math.exp(chance.nextDouble() * 2);
    };
  }

  private @Nullable Long moved() {
    return switch (chance.nextInt(ugly ? 4 : 12)) {
      case 0 -> NOW - TimeUnit.SECONDS.toNanos(chance.nextInt(900));
      case 1 -> ugly ? Long.valueOf(NOW + 5) : null; // a clock of the view's maker that is ahead
      default -> null;
    };
  }
}
