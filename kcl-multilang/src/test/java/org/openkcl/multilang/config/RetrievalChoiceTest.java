package org.openkcl.multilang.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetrievalChoiceTest {
  private static final String CONSUMER =
      "arn:aws:kinesis:eu-west-1:123456789012:stream/flights/consumer/delays:1700000000";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "streamName = a | fan-out",
        "retrievalMode = default | fan-out",
        "retrievalMode = fanout | fan-out",
        "retrievalMode = Polling | polling",
        "maxRecords = 5 | polling",
        "pollingConfig.maxRecords = 5 | polling",
        "idleTimeBetweenReadsInMillis = 250 | polling",
        "retryGetRecordsInSeconds = 3 | polling",
        "pollingConfig.maxGetRecordsThreadPool = 3 | polling",
        "retrievalMode = FANOUT!maxRecords = 5 | fan-out",
        "retrievalMode = POLLING!fanoutConfig.consumerName = me | polling",
        "fanoutConfig.consumerName = me | fan-out as me",
        "fanoutConfig.consumerArn = " + CONSUMER + " | fan-out as " + CONSUMER,
        "fanoutConfig.consumerName = me!fanoutConfig.consumerArn = " + CONSUMER + " | fan-out as "
            + CONSUMER
      })
  void choosesAsAmazonsDaemonDoes(String lines, String retrieval) throws ConfigurationException {
    Configuration configuration = Configuration.parse(lines.replace('!', '\n'), Map.of());
    assertThat(RetrievalChoice.of(configuration)).hasToString(retrieval);
  }

  @Test
  void aConsumerThatIsNoneIsToldWithItsLine() throws ConfigurationException {
    Configuration configuration =
        Configuration.parse("# consumer\nfanoutConfig.consumerArn = delays\n", Map.of());
    ConfigurationException thrown =
        catchThrowableOfType(ConfigurationException.class, () -> RetrievalChoice.of(configuration));
    assertThat(thrown)
        .hasMessageStartingWith("line 2: fanoutConfig.consumerArn: ")
        .hasMessageContaining("delays");
  }
}
