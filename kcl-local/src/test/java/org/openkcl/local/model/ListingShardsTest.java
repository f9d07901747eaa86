package org.openkcl.local.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.local.model.ModelFixture.START;
import static org.openkcl.local.model.ModelFixture.STREAM;
import static org.openkcl.local.model.ModelFixture.assertError;
import static org.openkcl.local.model.ModelFixture.id;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ListingShardsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  /** Hour 0: shard 0. Hour 1: split into 1 and 2. Hour 2: 1 and 2 merged into 3. Now: hour 3. */
  private static ModelFixture history() {
    ModelFixture fixture = ModelFixture.withShards(1);
    fixture.advance(HOUR);
    fixture.splitInHalf(0);
    fixture.advance(HOUR);
    fixture.merge(1, 2);
    fixture.advance(HOUR);
    return fixture;
  }

  @Test
  void listsWhatEachFilterSelects() {
    ModelFixture fixture = history();
    assertThat(fixture.listed(ShardFilter.ALL)).containsExactly(id(0), id(1), id(2), id(3));
    assertThat(fixture.listed(ShardFilter.of(ShardFilter.Type.FROM_TRIM_HORIZON)))
        .hasSize(4);
    assertThat(fixture.listed(ShardFilter.of(ShardFilter.Type.AT_TRIM_HORIZON)))
        .containsExactly(id(0));
    assertThat(fixture.listed(ShardFilter.of(ShardFilter.Type.AT_LATEST))).containsExactly(id(3));
    assertThat(fixture.listed(ShardFilter.afterShardId(id(1)))).containsExactly(id(2), id(3));
    assertThat(fixture.listed(ShardFilter.afterShardId(id(7)))).isEmpty();
  }

  @Test
  void listsTheShardsThatWereOpenAtATime() {
    ModelFixture fixture = history();
    assertThat(openAt(fixture, -60)).containsExactly(id(0));
    assertThat(openAt(fixture, 0)).containsExactly(id(0));
    assertThat(openAt(fixture, 30)).containsExactly(id(0));
    assertThat(openAt(fixture, 60)).containsExactly(id(0), id(1), id(2));
    assertThat(openAt(fixture, 90)).containsExactly(id(1), id(2));
    assertThat(openAt(fixture, 150)).containsExactly(id(3));
    assertThat(openAt(fixture, 180)).containsExactly(id(3));
  }

  private static List<String> openAt(ModelFixture fixture, long minutes) {
    return fixture.listed(ShardFilter.atTimestamp(START.plus(Duration.ofMinutes(minutes))));
  }

  @Test
  void listsTheShardsThatWereOpenAtATimeOrLater() {
    ModelFixture fixture = history();
    assertThat(fixture.listed(ShardFilter.fromTimestamp(START.plus(HOUR)))).hasSize(4);
    assertThat(fixture.listed(ShardFilter.fromTimestamp(START.plus(HOUR).plusMillis(1))))
        .containsExactly(id(1), id(2), id(3));
    assertThat(fixture.listed(ShardFilter.fromTimestamp(START.plus(HOUR.multipliedBy(3)))))
        .containsExactly(id(3));
  }

  @Test
  void dropsAClosedShardADayAfterItEnded() {
    ModelFixture fixture = history();
    String iterator = fixture.iterator(0, IteratorPosition.trimHorizon());
    fixture.advance(Duration.ofHours(22));
    assertThat(fixture.listed(ShardFilter.ALL)).hasSize(4);
    fixture.advance(Duration.ofMillis(1));
    assertThat(fixture.listed(ShardFilter.ALL)).containsExactly(id(1), id(2), id(3));
    assertThat(fixture.listed(ShardFilter.of(ShardFilter.Type.AT_TRIM_HORIZON)))
        .containsExactly(id(1), id(2));
    assertThat(fixture.shard(1).parentShardId()).isEqualTo(id(0));
    assertError("ExpiredIteratorException", "", () -> fixture.streams.read(iterator, 1));
    assertError(
        "ResourceNotFoundException",
        "does not exist",
        () -> fixture.iterator(0, IteratorPosition.trimHorizon()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 9, 10, 11})
  void pagesThroughAllShardsOnce(int maxResults) {
    ModelFixture fixture = ModelFixture.withShards(10);
    assertThat(pages(fixture, ListShardsQuery.of(STREAM).withMaxResults(maxResults)))
        .containsExactlyElementsOf(fixture.listed(ShardFilter.ALL));
  }

  @Test
  void keepsTheFilterOverThePages() {
    ModelFixture fixture = ModelFixture.withShards(4);
    fixture.advance(HOUR);
    fixture.streams.updateShardCount(STREAM, 8);
    fixture.advance(HOUR);
    for (ShardFilter filter : List.of(
        ShardFilter.of(ShardFilter.Type.AT_LATEST),
        ShardFilter.of(ShardFilter.Type.AT_TRIM_HORIZON),
        ShardFilter.afterShardId(id(2)),
        ShardFilter.atTimestamp(START.plusSeconds(60)),
        ShardFilter.fromTimestamp(START.plusSeconds(7_000)))) {
      ListShardsQuery query = ListShardsQuery.of(STREAM).with(filter);
      assertThat(pages(fixture, query.withMaxResults(3)))
          .as("pages of %s", filter)
          .containsExactlyElementsOf(fixture.listed(filter));
    }
  }

  private static List<String> pages(ModelFixture fixture, ListShardsQuery query) {
    ShardPage page = fixture.streams.listShards(query);
    List<String> ids =
        new ArrayList<>(page.shards().stream().map(ShardInfo::shardId).toList());
    while (page.nextToken() != null) {
      assertThat(page.shards()).hasSize(query.maxResults());
      page = fixture.streams.listShards(page.nextToken(), query.maxResults());
      page.shards().forEach(shard -> ids.add(shard.shardId()));
    }
    return ids;
  }

  @Test
  void startsAfterTheShardGiven() {
    ModelFixture fixture = ModelFixture.withShards(4);
    ListShardsQuery query = ListShardsQuery.of(STREAM).startingAfter(id(1));
    assertThat(fixture.streams.listShards(query).shards())
        .extracting(ShardInfo::shardId)
        .containsExactly(id(2), id(3));
  }

  @Test
  void refusesATokenThatIsDamagedOrOlderThanFiveMinutes() {
    ModelFixture fixture = ModelFixture.withShards(4);
    String token = Objects.requireNonNull(
        fixture.streams.listShards(ListShardsQuery.of(STREAM).withMaxResults(1)).nextToken());
    String iterator = fixture.iterator(0, IteratorPosition.latest());
    assertError(
        "InvalidArgumentException",
        "Invalid NextToken.",
        () -> fixture.streams.listShards(iterator, 1));
    fixture.advance(Duration.ofMillis(300_001));
    assertError(
        "ExpiredNextTokenException", "300 seconds", () -> fixture.streams.listShards(token, 1));
  }

  @Test
  void refusesAFilterWithoutWhatItNeeds() {
    assertError(
        "InvalidArgumentException",
        "ShardId",
        () -> ShardFilter.of(ShardFilter.Type.AFTER_SHARD_ID));
    assertError(
        "InvalidArgumentException",
        "Timestamp",
        () -> ShardFilter.of(ShardFilter.Type.AT_TIMESTAMP));
    assertError(
        "InvalidArgumentException",
        "Timestamp",
        () -> ShardFilter.of(ShardFilter.Type.FROM_TIMESTAMP));
  }

  @Test
  void refusesMaxResultsOutsideOneToTenThousand() {
    ModelFixture fixture = ModelFixture.withShards(1);
    for (int wrong : new int[] {0, 10_001}) {
      assertError(
          "ValidationException",
          "at 'maxResults'",
          () -> fixture.streams.listShards(ListShardsQuery.of(STREAM).withMaxResults(wrong)));
    }
  }
}
