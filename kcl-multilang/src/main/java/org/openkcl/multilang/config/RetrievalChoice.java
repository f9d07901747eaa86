package org.openkcl.multilang.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.openkcl.Retrieval;

/**
 * How records are read, as Amazon's daemon chooses it: by {@code retrievalMode}, and where that is
 * DEFAULT by polling if a key of polling is set, else by enhanced fan-out.
 */
public final class RetrievalChoice {
  private static final List<String> KEYS_OF_POLLING = List.of(
      "maxRecords",
      "idleTimeBetweenReadsInMillis",
      "millisBehindLatestThresholdForReducedTps",
      "retryGetRecordsInSeconds",
      "maxGetRecordsThreadPool");

  private RetrievalChoice() {}

  /**
   * The choice of a configuration.
   *
   * @throws ConfigurationException when the consumer's name or ARN is none
   */
  public static Retrieval of(Configuration configuration) throws ConfigurationException {
    if (!isFanOut(configuration)) {
      return Retrieval.polling();
    }
    Optional<String> arn = configuration.text("fanoutConfig.consumerArn");
    Optional<String> name = configuration.text("fanoutConfig.consumerName");
    try {
      return arn.isPresent()
          ? Retrieval.fanOut(arn.get())
          : name.map(given -> Retrieval.fanOut().consumerName(given)).orElse(Retrieval.fanOut());
    } catch (IllegalArgumentException refused) {
      String key = arn.isPresent() ? "fanoutConfig.consumerArn" : "fanoutConfig.consumerName";
      throw new ConfigurationException(
          List.of(new Problem(configuration.sourceOf(key), key + ": " + refused.getMessage())));
    }
  }

  /** Whether it is fan-out; then keys of polling do nothing. */
  public static boolean isFanOut(Configuration configuration) {
    String mode = configuration.text("retrievalMode").orElse("DEFAULT").toUpperCase(Locale.ROOT);
    return switch (mode) {
      case "FANOUT" -> true;
      case "POLLING" -> false;
      default ->
        KEYS_OF_POLLING.stream()
            .noneMatch(key -> configuration.text(key, "pollingConfig." + key).isPresent());
    };
  }
}
