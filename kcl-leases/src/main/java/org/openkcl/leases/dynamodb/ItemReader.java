package org.openkcl.leases.dynamodb;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Reads one item's attributes and keeps a list of everything that is wrong with it, so that one
 * look at the reason suffices for the repair. A reading method that meets a problem returns its
 * "absent" value; the caller asks {@link #problems()} before it believes anything.
 */
final class ItemReader {
  private static final int SHOWN_CHARACTERS = 60;

  private final Map<String, AttributeValue> item;
  private final List<String> problems = new ArrayList<>();

  ItemReader(Map<String, AttributeValue> item) {
    this.item = item;
  }

  /** What is wrong with what was read so far: attribute, found, expected; empty when all is well. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  boolean has(String name) {
    return item.containsKey(name);
  }

  /** A text that is not empty; null when absent. */
  @Nullable
  String text(String name) {
    AttributeValue value = item.get(name);
    if (value == null) {
      return null;
    }
    if (value.s() == null || value.s().isEmpty()) {
      problem(name, "a text that is not empty (type S)");
      return null;
    }
    return value.s();
  }

  /** A whole number in the range of a long; {@code absent} when absent. */
  long wholeNumber(String name, long absent) {
    AttributeValue value = item.get(name);
    if (value == null) {
      return absent;
    }
    try {
      if (value.n() != null) {
        return new BigDecimal(value.n()).longValueExact();
      }
    } catch (ArithmeticException | NumberFormatException e) {
      // reported below
    }
    problem(name, "a whole number of at most 64 bits (type N)");
    return absent;
  }

  /** A whole number that must be there; 0 when it is not. */
  long wholeNumber(String name) {
    if (!has(name)) {
      problem(name, "a whole number (type N)");
    }
    return wholeNumber(name, 0);
  }

  /** A number; null when absent. */
  @Nullable
  Double number(String name) {
    AttributeValue value = item.get(name);
    if (value == null) {
      return null;
    }
    try {
      if (value.n() != null) {
        return Double.valueOf(value.n());
      }
    } catch (NumberFormatException e) {
      // reported below
    }
    problem(name, "a number (type N)");
    return null;
  }

  /** A time, as a number of units since 1970; null when absent. */
  @Nullable
  Instant instant(String name, LongFunction<Instant> ofUnits) {
    if (!has(name)) {
      return null;
    }
    long units = wholeNumber(name, 0);
    try {
      return ofUnits.apply(units);
    } catch (DateTimeException e) {
      problem(name, "a time that a clock can show (type N)");
      return null;
    }
  }

  /** A boolean; false when absent. */
  boolean flag(String name) {
    AttributeValue value = item.get(name);
    if (value != null && value.bool() == null) {
      problem(name, "true or false (type BOOL)");
    }
    return value != null && Boolean.TRUE.equals(value.bool());
  }

  /** A set of texts; empty when absent. */
  Set<String> texts(String name) {
    AttributeValue value = item.get(name);
    if (value == null) {
      return Set.of();
    }
    if (!value.hasSs()) {
      problem(name, "a set of texts (type SS)");
      return Set.of();
    }
    return Set.copyOf(value.ss());
  }

  /**
   * Bytes; null when absent. A number counts as absent: Amazon's library writes one in place of the
   * bytes when it creates a lease that has them already.
   */
  @Nullable
  ByteBuffer bytes(String name) {
    AttributeValue value = item.get(name);
    if (value == null || value.n() != null) {
      return null;
    }
    if (value.b() == null) {
      problem(name, "bytes (type B)");
      return null;
    }
    return value.b().asByteBuffer();
  }

  /** Lists of numbers by name; empty when absent. */
  Map<String, List<Double>> numbersByName(String name) {
    AttributeValue value = item.get(name);
    Map<String, List<Double>> lists = new HashMap<>();
    if (value == null) {
      return lists;
    }
    try {
      value
          .m()
          .forEach((key, list) -> lists.put(
              key, list.l().stream().map(number -> Double.valueOf(number.n())).toList()));
    } catch (NumberFormatException | NullPointerException e) {
      problem(name, "lists of numbers by name (type M of L of N)");
    }
    return lists;
  }

  /** Texts by name; empty when absent. */
  Map<String, String> textsByName(String name) {
    AttributeValue value = item.get(name);
    Map<String, String> texts = new HashMap<>();
    if (value != null) {
      value.m().forEach((key, text) -> {
        if (text.s() == null) {
          problem(name, "texts by name (type M of S)");
        } else {
          texts.put(key, text.s());
        }
      });
    }
    return texts;
  }

  /** Readers of the maps in a list; empty when absent. */
  List<ItemReader> entries(String name) {
    AttributeValue value = item.get(name);
    return value == null
        ? List.of()
        : value.l().stream().map(entry -> new ItemReader(entry.m())).toList();
  }

  /** A value that checks its parts itself; null, and a problem with {@code name}, if it refuses. */
  <T> @Nullable T checked(String name, String expected, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      problem(name, expected);
      return null;
    }
  }

  void problem(String name, String expected) {
    problems.add(name + ": found " + found(item.get(name)) + ", expected " + expected);
  }

  private static String found(@Nullable AttributeValue value) {
    if (value == null) {
      return "nothing";
    }
    return switch (value.type()) {
      case S -> "the text '" + shortened(value.s()) + "'";
      case N -> "the number " + shortened(value.n());
      case B -> value.b().asByteArrayUnsafe().length + " bytes (type B)";
      case SS -> "a set of texts " + shortened(value.ss().toString());
      case BOOL -> value.bool() + " (type BOOL)";
      case NUL -> "NULL";
      case NS, BS, M, L, UNKNOWN_TO_SDK_VERSION -> "a value of type " + value.type();
    };
  }

  private static String shortened(String text) {
    return text.length() <= SHOWN_CHARACTERS
        ? text
        : text.substring(0, SHOWN_CHARACTERS) + "... (" + text.length() + " characters)";
  }
}
