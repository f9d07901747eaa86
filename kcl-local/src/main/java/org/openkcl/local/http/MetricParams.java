package org.openkcl.local.http;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.model.metrics.MetricException;

/**
 * A CloudWatch request's members by name. Numbers may come as text, as forms send them; times are
 * seconds since the epoch or ISO 8601.
 */
final class MetricParams {
  private final String path;
  private final Map<?, ?> members;

  /**
   * Members of an object.
   *
   * @param path how error messages call it; empty for the request itself
   */
  MetricParams(String path, Map<?, ?> members) {
    this.path = path;
    this.members = members;
  }

  @Nullable
  String textOrNull(String name) {
    Object value = members.get(name);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw invalid(name, "a string", value);
  }

  String text(String name) {
    return required(name, textOrNull(name));
  }

  @Nullable
  Double numberOrNull(String name) {
    Object value = members.get(name);
    return value == null ? null : number(name, value);
  }

  double number(String name) {
    return required(name, numberOrNull(name));
  }

  int integer(String name, int byDefault) {
    Double value = numberOrNull(name);
    if (value == null) {
      return byDefault;
    }
    if (value.intValue() != value) {
      throw invalid(name, "an integer", value);
    }
    return value.intValue();
  }

  int integer(String name) {
    required(name, members.get(name));
    return integer(name, 0);
  }

  @Nullable
  Instant timeOrNull(String name) {
    Object value = members.get(name);
    if (value == null) {
      return null;
    }
    try {
      if (value instanceof Number seconds) {
        return Instant.ofEpochMilli(
            new BigDecimal(seconds.toString()).movePointRight(3).toBigInteger().longValueExact());
      }
      if (value instanceof String text) {
        return Instant.ofEpochMilli(OffsetDateTime.parse(text).toInstant().toEpochMilli());
      }
    } catch (NumberFormatException | ArithmeticException | DateTimeException outOfRange) {
      throw invalid(name, "a time", value);
    }
    throw invalid(name, "a time", value);
  }

  Instant time(String name) {
    return required(name, timeOrNull(name));
  }

  @Nullable
  MetricParams objectOrNull(String name) {
    Object value = members.get(name);
    return value == null ? null : object(name, value);
  }

  /** Empty when there is no such member. */
  List<MetricParams> objects(String name) {
    List<MetricParams> objects = new ArrayList<>();
    for (Object element : list(name)) {
      objects.add(object(name + ".member." + (objects.size() + 1), element));
    }
    return objects;
  }

  /** Empty when there is no such member. */
  List<Double> numbers(String name) {
    List<Double> numbers = new ArrayList<>();
    for (Object element : list(name)) {
      numbers.add(number(name, element));
    }
    return numbers;
  }

  /** Empty when there is no such member. */
  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (Object element : list(name)) {
      if (!(element instanceof String text)) {
        throw invalid(name, "strings", element);
      }
      texts.add(text);
    }
    return texts;
  }

  MetricException missing(String name) {
    return new MetricException(
        "MissingParameter", "The parameter " + path + name + " is required.");
  }

  private List<?> list(String name) {
    Object value = members.get(name);
    if (value == null || "".equals(value)) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return list;
    }
    throw invalid(name, "a list", value);
  }

  private MetricParams object(String name, Object value) {
    if (value instanceof Map<?, ?> map) {
      return new MetricParams(path + name + ".", map);
    }
    throw invalid(name, "an object", value);
  }

  private double number(String name, Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    if (value instanceof String text) {
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException notANumber) {
        throw invalid(name, "a number", value);
      }
    }
    throw invalid(name, "a number", value);
  }

  private <T> T required(String name, @Nullable T value) {
    if (value == null) {
      throw missing(name);
    }
    return value;
  }

  private MetricException invalid(String name, String type, Object got) {
    String shown = String.valueOf(got);
    return new MetricException(
        "InvalidParameterValue",
        "The parameter "
            + path
            + name
            + " must be "
            + type
            + ": got "
            + shown.substring(0, Math.min(80, shown.length())));
  }
}
