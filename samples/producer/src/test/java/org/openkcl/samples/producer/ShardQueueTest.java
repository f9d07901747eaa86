package org.openkcl.samples.producer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ShardQueueTest {
  private static final int MIB = 1024 * 1024;
  private final ShardQueue queue = new ShardQueue(ProducerSettings.DEFAULT, 0);
  private final ShardQueue single = new ShardQueue(ProducerSettings.DEFAULT.withoutAggregates(), 0);

  @Test
  void recordsWaitForOthersUntilTheyHaveWaitedEnough() {
    queue.add(record("a", 10, 0));
    queue.add(record("b", 10, ms(50)));
    assertThat(take(queue, ms(99))).isEmpty();
    assertThat(keys(take(queue, ms(100)))).containsExactly(List.of("a", "b"));
  }

  @Test
  void anAggregateThatIsFullWaitsForNothing() {
    for (int i = 0; i < 9; i++) {
      queue.add(record("k" + i, 10_000, 0));
    }
    List<Entry> taken = take(queue, 0);
    assertThat(keys(taken)).containsExactly(List.of("k0", "k1", "k2", "k3", "k4"));
    assertThat(taken.get(0).bytes()).isLessThan(50 * 1024);
  }

  @Test
  void aRecordLargerThanAnAggregateGoesByItself() {
    queue.add(record("large", 200_000, 0));
    assertThat(take(queue, 0).get(0).request().explicitHashKey()).isNull();
  }

  @Test
  void nothingLingersInAFlush() {
    queue.add(record("a", 10, 0));
    assertThat(queue.take(1, false, 500, 5 * MIB, true)).hasSize(1);
  }

  @Test
  void oneCallAtATimeHasEntriesOfAShard() {
    single.add(record("a", 10, 0));
    assertThat(take(single, 0)).hasSize(1);
    single.add(record("b", 10, 0));
    assertThat(take(single, 0)).isEmpty();
    single.settled(List.of(), 0, 0);
    assertThat(keys(take(single, 0))).containsExactly(List.of("b"));
  }

  @Test
  void whatWasRefusedGoesFirstAfterAPauseThatDoubles() {
    for (String key : List.of("a", "b", "c")) {
      single.add(record(key, 10, 0));
    }
    List<Entry> first = take(single, 0);
    assertThat(first).hasSize(3);
    single.add(record("d", 10, 0));
    single.settled(List.of(first.get(0), first.get(2)), 0, 1);
    assertThat(take(single, ms(99))).isEmpty();
    List<Entry> second = take(single, ms(100));
    assertThat(keys(second)).containsExactly(List.of("a"), List.of("c"), List.of("d"));
    single.settled(second, ms(100), 1);
    assertThat(take(single, ms(299))).isEmpty();
    assertThat(take(single, ms(300))).hasSize(3);
  }

  @Test
  void aCallHasNoMoreThanItHasRoomFor() {
    for (int i = 0; i < 9; i++) {
      single.add(record("k" + i, 1_000, 0));
    }
    assertThat(single.take(0, true, 2, 5 * MIB, true)).hasSize(2);
    single.settled(List.of(), 0, 0);
    assertThat(single.take(0, true, 500, 3_500, false)).hasSize(3);
    single.settled(List.of(), 0, 0);
    assertThat(single.take(0, true, 500, 10, false)).isEmpty();
    assertThat(single.take(0, true, 500, 10, true))
        .as("else it would wait for ever")
        .hasSize(1);
  }

  @Test
  void whatIsTooOldIsTakenOutInOrder() {
    single.add(record("a", 10, 0));
    single.add(record("b", 10, 5));
    single.settled(take(single, 9), 9, 0);
    single.add(record("c", 10, 20));
    assertThat(single.removeOlderThan(10))
        .extracting(UserRecord::partitionKeyText)
        .containsExactly("a", "b");
    assertThat(single.isEmpty()).isFalse();
    assertThat(single.removeAll()).extracting(UserRecord::partitionKeyText).containsExactly("c");
    assertThat(single.isEmpty()).isTrue();
  }

  private static List<Entry> take(ShardQueue queue, long nowNanos) {
    return queue.take(nowNanos, true, 500, 5 * MIB, true);
  }

  private static List<List<String>> keys(List<Entry> entries) {
    return entries.stream()
        .map(entry -> entry.records().stream().map(UserRecord::partitionKeyText).toList())
        .toList();
  }

  private static UserRecord record(String key, int bytes, long givenNanos) {
    byte[] data = new byte[bytes];
    System.arraycopy(key.getBytes(UTF_8), 0, data, 0, key.length());
    return UserRecord.of(key, null, data, givenNanos);
  }

  private static long ms(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
