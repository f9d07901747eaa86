package org.openkcl.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpeningPaceTest {
  private final OpeningPace pace = new OpeningPace();
  private final List<Integer> admitted = new ArrayList<>();

  @Test
  void oneIsOpenedAtFirstAndTwiceAsManyWithEachRoundThatSucceeds() {
    List<OpeningPace.Place> places = enter(100);
    int done = 0;
    List<Integer> rounds = new ArrayList<>();
    while (done < 100) {
      List<OpeningPace.Place> round = places.subList(done, 100).stream()
          .filter(OpeningPace.Place::isAdmitted)
          .toList();
      rounds.add(round.size());
      round.forEach(OpeningPace.Place::succeeded);
      done += round.size();
    }
    assertThat(rounds).containsExactly(1, 2, 4, 8, 16, 32, 32, 5);
    assertThat(admitted).as("in the order in which they came").isSorted().hasSize(99);
  }

  @Test
  void aRefusalHalvesWhatIsOpenedAtOnce() {
    for (OpeningPace.Place place : enter(12)) {
      place.succeeded();
    }
    assertThat(pace.most()).isEqualTo(13);
    enter(1).get(0).throttled();
    assertThat(pace.most()).isEqualTo(6);
  }

  @Test
  void whoLeavesMakesRoomOnceAndWhoNeverWaitedIsForgotten() {
    List<OpeningPace.Place> places = enter(4);
    places.get(1).leave();
    places.get(0).leave();
    places.get(0).leave();
    assertThat(admitted).containsExactly(2);
    places.get(2).leave();
    assertThat(admitted).containsExactly(2, 3);
  }

  private List<OpeningPace.Place> enter(int count) {
    List<OpeningPace.Place> places = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      places.add(pace.enter(() -> admitted.add(number)));
    }
    return places;
  }
}
