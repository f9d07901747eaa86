package org.openkcl.local.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openkcl.local.model.metrics.MetricException;

/**
 * The form of a query request, folded back into objects and lists: {@code
 * MetricData.member.1.MetricName=...}.
 */
final class QueryForm {
  private static final String LIST = "member";
  private static final int DEPTH_MAX = 16;

  private QueryForm() {}

  static Map<String, Object> members(String form) {
    Map<String, Object> root = new LinkedHashMap<>();
    for (String pair : form.split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        put(root, decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      }
    }
    Map<String, Object> members = new LinkedHashMap<>();
    root.forEach((name, value) -> members.put(name, folded(value)));
    return members;
  }

  private static void put(Map<String, Object> root, String path, String value) {
    String[] names = path.split("\\.");
    if (names.length == 0 || names.length > DEPTH_MAX) {
      throw malformed(path);
    }
    Map<String, Object> place = root;
    for (int i = 0; i < names.length - 1; i++) {
      Object next = place.computeIfAbsent(names[i], name -> new LinkedHashMap<String, Object>());
      place = asMap(next, path);
    }
    if (place.putIfAbsent(names[names.length - 1], value) != null) {
      throw malformed(path);
    }
  }

  @SuppressWarnings("unchecked") // only maps of this kind are put in
  private static Map<String, Object> asMap(Object value, String path) {
    if (value instanceof Map) {
      return (Map<String, Object>) value;
    }
    throw malformed(path);
  }

  private static Object folded(Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      return value;
    }
    if (map.size() == 1 && map.get(LIST) instanceof Map<?, ?> elements) {
      TreeMap<Integer, Object> byPlace = new TreeMap<>();
      elements.forEach((place, element) -> byPlace.put(place(place), folded(element)));
      return new ArrayList<>(List.copyOf(byPlace.values()));
    }
    Map<Object, Object> object = new LinkedHashMap<>();
    map.forEach((name, member) -> object.put(name, folded(member)));
    return object;
  }

  private static int place(Object text) {
    try {
      return Integer.parseInt(text.toString());
    } catch (NumberFormatException notANumber) {
      throw malformed(LIST + "." + text);
    }
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      throw malformed(text);
    }
  }

  private static MetricException malformed(String what) {
    return new MetricException(
        "MalformedQueryString",
        "The query string contains a syntax error at "
            + what.substring(0, Math.min(80, what.length())));
  }
}
