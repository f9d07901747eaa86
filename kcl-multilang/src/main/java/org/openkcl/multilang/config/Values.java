package org.openkcl.multilang.config;

import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;

/** Whether a text is a value of a type. */
final class Values {
  private Values() {}

  /** What is wrong with a value, for people; empty when nothing is. An empty value sets nothing. */
  static Optional<String> problem(Key key, String value) {
    if (value.isEmpty() || fits(key, value)) {
      return Optional.empty();
    }
    return Optional.of("%s must be %s: got '%s'".formatted(key.name(), key.expected(), value));
  }

  private static boolean fits(Key key, String value) {
    return switch (key.type()) {
      case TEXT, LIST, CREDENTIALS -> true;
      case WHOLE -> value.matches("[0-9]{1,18}");
      case DECIMAL -> value.matches("[0-9]+(\\.[0-9]+)?");
      case FLAG -> value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
      case CHOICE -> key.choices().contains(value.toUpperCase(Locale.ROOT));
      case URI -> isUri(value);
      case PERIOD -> isPeriod(value);
      case TAGS -> value.matches("[^=,]+=[^=,]*(,[^=,]+=[^=,]*)*");
    };
  }

  private static boolean isUri(String value) {
    try {
      URI uri = URI.create(value);
      return uri.getScheme() != null && uri.getHost() != null;
    } catch (IllegalArgumentException noUri) {
      return false;
    }
  }

  private static boolean isPeriod(String value) {
    try {
      return !Duration.parse(value).isNegative();
    } catch (DateTimeParseException noPeriod) {
      return false;
    }
  }
}
