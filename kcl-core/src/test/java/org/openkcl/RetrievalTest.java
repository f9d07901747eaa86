package org.openkcl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetrievalTest {
  private static final String ARN =
      "arn:aws:kinesis:us-east-1:123456789012:stream/flights/consumer/delays:1700000000";

  @Test
  void theConsumerIsTheApplicationsUnlessItIsNamed() {
    assertThat(Retrieval.fanOut().consumer("app").name()).isEqualTo("app");
    assertThat(Retrieval.fanOut().consumerName("own").consumer("app").name()).isEqualTo("own");
    assertThat(Retrieval.fanOut(ARN).consumer("app").arn()).isEqualTo(ARN);
  }

  @Test
  void whatDoesNotFitIsRefusedWithBothNames() {
    assertThatThrownBy(() -> Retrieval.polling().consumerName("own"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Retrieval.fanOut()");
    assertThatThrownBy(() -> Retrieval.fanOut(ARN).consumerName("own"))
        .hasMessageContaining("already given as '" + ARN + "'");
    assertThatThrownBy(() -> Retrieval.fanOut("arn:aws:kinesis:us-east-1:1:stream/flights"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be given by its ARN");
  }

  @Test
  void theBuilderRefusesAnIdleIntervalWithoutPollingAndANameThatKinesisDoesNotTake() {
    SchedulerBuilder builder = Scheduler.builder()
        .applicationName("delays per airport")
        .streamName("flights")
        .initialPosition(InitialPosition.latest())
        .processor(() -> batch -> {})
        .retrieval(Retrieval.fanOut());
    assertThatThrownBy(builder::build).hasMessageContaining("Retrieval.fanOut().consumerName(...)");
    assertThatThrownBy(() -> builder.retrieval(Retrieval.polling()))
        .hasMessageContaining("retrieval was already set");
    builder.idleTimeBetweenReads(Duration.ofSeconds(2));
    assertThatThrownBy(builder::build)
        .hasMessageContaining(
            "idleTimeBetweenReads is a setting of polling: got retrieval=fan-out");
  }
}
