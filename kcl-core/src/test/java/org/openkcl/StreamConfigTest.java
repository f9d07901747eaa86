package org.openkcl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openkcl.processor.StreamIdentifier;
import org.openkcl.retrieval.PollSettings;

class StreamConfigTest {
  private static final String ARN = "arn:aws:kinesis:eu-central-1:123456789012:stream/orders";

  @Test
  void aStreamIsGivenByNameArnOrIdentifier() {
    assertThat(StreamConfig.of("orders").address().arn()).isNull();
    assertThat(StreamConfig.of("orders").streamIdentifier()).isEmpty();
    assertThat(StreamConfig.of(ARN).address().arn()).isEqualTo(ARN);
    StreamIdentifier named = StreamIdentifier.multiStreamInstance("123456789012:orders:1700000000");
    assertThat(StreamConfig.of(named).address().name()).isEqualTo("orders");
    assertThat(StreamConfig.of(named).address().arn()).isNull();
    StreamIdentifier byArn = StreamIdentifier.multiStreamInstanceOfArn(ARN, 1_700_000_000L);
    StreamConfig config = new StreamConfig(byArn, InitialPosition.latest());
    assertThat(config.address().arn()).isEqualTo(ARN);
    assertThat(config.streamIdentifier()).contains(byArn);
    assertThat(config.initialPosition()).contains(InitialPosition.latest());
    assertThat(config).hasToString("123456789012:orders:1700000000");
  }

  @Test
  void anIdentifierWithoutEpochAndWhatIsNoNameAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StreamConfig.of(StreamIdentifier.singleStreamInstance("orders")))
        .withMessageContaining("got 'orders'");
    assertThatIllegalArgumentException().isThrownBy(() -> StreamConfig.of("no stream"));
  }

  @Test
  void whatIsNotSetIsTheSchedulers() {
    PollSettings common = PollSettings.DEFAULT.withMaxRecords(7);
    StreamConfig plain = StreamConfig.of("orders");
    assertThat(plain.polling(common)).isEqualTo(common);
    StreamConfig special = plain
        .withIdleTimeBetweenReads(Duration.ofMillis(300))
        .withInitialPosition(InitialPosition.latest());
    assertThat(special.polling(common)).isEqualTo(common.withIdleInterval(Duration.ofMillis(300)));
    assertThat(special.withMaxRecords(9).polling(common).maxRecords()).isEqualTo(9);
    assertThat(plain.initialPosition()).isEmpty(); // unchanged
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plain.withIdleTimeBetweenReads(Duration.ofMillis(1)))
        .withMessageContaining("200 ms");
  }

  @Test
  void aSchedulerReadsOneStreamOrSeveral() {
    SchedulerBuilder builder = Scheduler.builder().streamName("orders");
    assertThatIllegalStateException()
        .isThrownBy(() -> builder.streams(StreamConfig.of("bills")))
        .withMessageContaining("stream was already set");
    assertThatIllegalStateException()
        .isThrownBy(() -> builder.streamTracker(List::of))
        .withMessageContaining("stream was already set");
    assertThatIllegalStateException()
        .isThrownBy(() -> StreamSettings.NONE.check())
        .withMessageContaining(".streamTracker(...)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Scheduler.builder().streamTracker(List::of, Duration.ZERO))
        .withMessageContaining("must be positive");
  }

  @Test
  void everyStreamNeedsAnInitialPosition() {
    StreamConfig orders = StreamConfig.of("orders");
    StreamConfig placed = orders.withInitialPosition(InitialPosition.trimHorizon());
    StreamSettings.NONE.withSeveral(List.of(placed)).check();
    assertThatIllegalStateException()
        .isThrownBy(
            () -> StreamSettings.NONE.withSeveral(List.of(placed, orders)).check())
        .withMessageContaining("initialPosition must be set");
    StreamSettings settings =
        StreamSettings.NONE.withSeveral(List.of(orders)).with(InitialPosition.latest());
    settings.check();
    assertThat(settings.positionOf(orders)).isEqualTo(InitialPosition.latest());
    assertThat(settings.positionOf(placed)).isEqualTo(InitialPosition.trimHorizon());
    assertThatIllegalStateException()
        .isThrownBy(
            () -> StreamSettings.NONE.with(List::of, Duration.ofMinutes(1)).check());
  }
}
