package org.openkcl.local.http;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.model.StreamException;
import org.openkcl.local.model.StreamNames;

/**
 * A request's members by name, read with the type that the operation expects. A member of another
 * type is a {@code SerializationException}, a missing one a {@code ValidationException}. Members
 * that nobody asks for are ignored, as the service does.
 */
final class Params {
  private final Map<?, ?> members;
  private final Wire wire;

  Params(Wire wire, Map<?, ?> members) {
    this.wire = wire;
    this.members = members;
  }

  boolean has(String name) {
    return members.containsKey(name);
  }

  @Nullable
  String textOrNull(String name) {
    Object value = members.get(name);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw wrongType(name, "a string");
  }

  /** The member if it is a string, else null; for those who only want to know what it is about. */
  @Nullable
  String textIfAny(String name) {
    return members.get(name) instanceof String text ? text : null;
  }

  String text(String name) {
    return required(name, textOrNull(name));
  }

  int integer(String name) {
    return integer(name, required(name, members.get(name)));
  }

  @Nullable
  Integer integerOrNull(String name) {
    Object value = members.get(name);
    return value == null ? null : integer(name, value);
  }

  int integer(String name, int byDefault) {
    Object value = members.get(name);
    return value == null ? byDefault : integer(name, value);
  }

  /** A whole number of 64 bits. */
  long whole(String name, long byDefault) {
    Object value = members.get(name);
    if (value == null) {
      return byDefault;
    }
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    throw wrongType(name, "an integer of 64 bits");
  }

  double decimal(String name, double byDefault) {
    Object value = members.get(name);
    if (value == null) {
      return byDefault;
    }
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw wrongType(name, "a number");
  }

  /** Refuses members of other names, for what is typed by hand. */
  void requireOnly(String... names) {
    for (Object name : members.keySet()) {
      if (!List.of(names).contains(name)) {
        throw StreamException.invalidArgument(
            "Unknown member '" + name + "'. Known: " + String.join(", ", names));
      }
    }
  }

  private static int integer(String name, Object value) {
    if (!(value instanceof Integer integer)) {
      throw wrongType(name, "an integer of 32 bits");
    }
    return integer;
  }

  /** False when it is absent. */
  boolean flag(String name) {
    Object value = members.get(name);
    if (value == null || value instanceof Boolean) {
      return value != null && (Boolean) value;
    }
    throw wrongType(name, "a boolean");
  }

  /** In JSON seconds, in CBOR milliseconds since the epoch; whole or with a fraction. */
  @Nullable
  Instant timeOrNull(String name) {
    Object value = members.get(name);
    if (value == null) {
      return null;
    }
    if (!(value instanceof Number number)) {
      throw wrongType(name, "a timestamp");
    }
    try {
      BigDecimal scaled = decimal(number).movePointRight(wire == Wire.JSON ? 3 : 0);
      return Instant.ofEpochMilli(scaled.toBigInteger().longValueExact());
    } catch (ArithmeticException | NumberFormatException | DateTimeException outOfRange) {
      throw wrongType(name, "a timestamp");
    }
  }

  private static BigDecimal decimal(Number number) {
    if (number instanceof BigInteger whole) {
      return new BigDecimal(whole);
    }
    return new BigDecimal(number.toString());
  }

  /** The bytes: as such in CBOR, in Base64 in JSON. */
  byte[] blob(String name) {
    Object value = required(name, members.get(name));
    if (value instanceof byte[] bytes) {
      return bytes;
    }
    if (value instanceof String text) {
      try {
        return Base64.getDecoder().decode(text);
      } catch (IllegalArgumentException notBase64) {
        throw wrongType(name, "Base64");
      }
    }
    throw wrongType(name, "a blob");
  }

  @Nullable
  Params objectOrNull(String name) {
    Object value = members.get(name);
    return value == null ? null : object(name, value);
  }

  Params object(String name) {
    return object(name, required(name, members.get(name)));
  }

  List<Params> objects(String name) {
    if (!(required(name, members.get(name)) instanceof List<?> elements)) {
      throw wrongType(name, "a list");
    }
    List<Params> objects = new ArrayList<>(elements.size());
    for (Object element : elements) {
      objects.add(object(name, element));
    }
    return objects;
  }

  /** A list of texts. */
  List<String> texts(String name) {
    if (!(required(name, members.get(name)) instanceof List<?> elements)) {
      throw wrongType(name, "a list");
    }
    List<String> texts = new ArrayList<>(elements.size());
    for (Object element : elements) {
      texts.add(text(name, element));
    }
    return texts;
  }

  /** A map from text to text; empty when there is none. */
  Map<String, String> textMap(String name) {
    Object value = members.get(name);
    if (value == null) {
      return Map.of();
    }
    if (!(value instanceof Map<?, ?> entries)) {
      throw wrongType(name, "an object");
    }
    Map<String, String> texts = new LinkedHashMap<>();
    entries.forEach((key, element) -> texts.put(text(name, key), text(name, element)));
    return texts;
  }

  /** One text as it is, or each of a list of texts; empty when there is none. */
  List<String> textOrTexts(String name) {
    Object value = members.get(name);
    if (value == null) {
      return List.of();
    }
    return value instanceof String text ? List.of(text) : texts(name);
  }

  /** Whether the member is an object; false also when there is none. */
  boolean isObject(String name) {
    return members.get(name) instanceof Map;
  }

  boolean isList(String name) {
    return members.get(name) instanceof List;
  }

  private static String text(String name, @Nullable Object value) {
    if (!(value instanceof String text)) {
      throw wrongType(name, "made of strings");
    }
    return text;
  }

  private Params object(String name, Object value) {
    if (!(value instanceof Map<?, ?> object)) {
      throw wrongType(name, "an object");
    }
    return new Params(wire, object);
  }

  /** The stream's name, given as StreamName or within StreamARN. */
  String streamName() {
    String name = textOrNull("StreamName");
    String arn = textOrNull("StreamARN");
    if (arn == null) {
      if (name == null) {
        throw StreamException.invalidArgument("Either StreamName or StreamARN must be provided.");
      }
      return name;
    }
    String named = StreamNames.fromArn(arn);
    if (name != null && !name.equals(named)) {
      throw StreamException.invalidArgument(
          "StreamName and StreamARN name different streams: " + name + " and " + arn);
    }
    return named;
  }

  private static <T> T required(String name, @Nullable T value) {
    if (value == null) {
      throw StreamException.missing(Character.toLowerCase(name.charAt(0)) + name.substring(1));
    }
    return value;
  }

  private static StreamException wrongType(String name, String expected) {
    return new StreamException("SerializationException", name + " must be " + expected);
  }
}
