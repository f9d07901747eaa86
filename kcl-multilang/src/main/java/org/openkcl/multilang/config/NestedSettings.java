package org.openkcl.multilang.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.regions.Region;

/**
 * Applies keys with dots, such as {@code kinesisClient.region}, to a builder of the AWS SDK: each
 * names a method of the builder, or of the builder of what that method takes.
 */
public final class NestedSettings {
  private static final List<String> BEANS =
      List.of("kinesisClient", "dynamoDbClient", "cloudWatchClient");

  private NestedSettings() {}

  /** Whether the key belongs to a bean whose properties can be set. */
  static boolean isNested(String key) {
    return BEANS.stream().anyMatch(bean -> key.startsWith(bean + "."))
        || ClientCredentials.isProperty(key);
  }

  /**
   * Sets properties of a builder.
   *
   * @param properties by path, for example {@code region} or {@code httpClient.maxConcurrency}
   * @throws ConfigurationException with all that cannot be set
   */
  public static void apply(Object builder, Map<String, Setting> properties)
      throws ConfigurationException {
    List<Problem> problems = new ArrayList<>();
    Map<String, Map<String, Setting>> deeper = new HashMap<>();
    properties.forEach((path, setting) -> {
      int dot = path.indexOf('.');
      if (dot < 0) {
        set(builder, path, setting).ifPresent(problems::add);
      } else {
        deeper
            .computeIfAbsent(path.substring(0, dot), name -> new HashMap<>())
            .put(path.substring(dot + 1), setting);
      }
    });
    for (Map.Entry<String, Map<String, Setting>> entry : deeper.entrySet()) {
      setBuilt(builder, entry.getKey(), entry.getValue()).ifPresent(problems::add);
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
  }

  private static Optional<Problem> set(Object builder, String name, Setting setting) {
    for (Method method : methods(builder, name)) {
      Optional<Object> value = value(method.getParameterTypes()[0], setting.value());
      if (value.isPresent()) {
        return invoke(builder, method, value.get(), setting);
      }
    }
    return Optional.of(new Problem(
        setting.source(),
        "%s cannot be set: the AWS SDK has no '%s' that takes '%s'"
            .formatted(setting.key(), name, setting.value())));
  }

  private static Optional<Problem> setBuilt(
      Object builder, String name, Map<String, Setting> properties) throws ConfigurationException {
    Setting any = properties.values().iterator().next();
    for (Method method : methods(builder, name)) {
      Optional<Object> built = built(method.getParameterTypes()[0], properties);
      if (built.isPresent()) {
        return invoke(builder, method, built.get(), any);
      }
    }
    return Optional.of(new Problem(
        any.source(),
        "%s cannot be set: the AWS SDK has no '%s' with properties".formatted(any.key(), name)));
  }

  /** A value made by its own builder; empty when its type has none. */
  private static Optional<Object> built(Class<?> type, Map<String, Setting> properties)
      throws ConfigurationException {
    Optional<Object> inner = builderOf(type);
    if (inner.isEmpty()) {
      return Optional.empty();
    }
    apply(inner.get(), properties);
    try {
      return Optional.of(build(inner.get()));
    } catch (InvocationTargetException refused) {
      Setting any = properties.values().iterator().next();
      throw new ConfigurationException(List.of(
          new Problem(any.source(), any.key() + " was refused: " + refused.getTargetException())));
    } catch (ReflectiveOperationException noBuilder) {
      return Optional.empty();
    }
  }

  /** A new builder by the type's static {@code builder()}; empty when there is none. */
  static Optional<Object> builderOf(Class<?> type) {
    try {
      return Optional.ofNullable(type.getMethod("builder").invoke(null));
    } catch (ReflectiveOperationException noBuilder) {
      return Optional.empty();
    }
  }

  /** What a builder builds. */
  static Object build(Object builder) throws ReflectiveOperationException {
    Method build = builder.getClass().getMethod("build");
    build.setAccessible(true); // the AWS SDK's builders are classes that only their makers can name
    return build.invoke(builder);
  }

  private static List<Method> methods(Object builder, String name) {
    return Arrays.stream(builder.getClass().getMethods())
        .filter(method -> method.getName().equals(name) && method.getParameterCount() == 1)
        .toList();
  }

  private static Optional<Problem> invoke(
      Object builder, Method method, Object value, Setting setting) {
    try {
      method.setAccessible(true);
      method.invoke(builder, value);
      return Optional.empty();
    } catch (InvocationTargetException refused) {
      return Optional.of(new Problem(
          setting.source(), setting.key() + " was refused: " + refused.getTargetException()));
    } catch (ReflectiveOperationException | RuntimeException inaccessible) {
      return Optional.of(
          new Problem(setting.source(), setting.key() + " cannot be set: " + inaccessible));
    }
  }

  /** A text as a value of a type; empty when it is none. */
  private static Optional<Object> value(Class<?> type, String text) {
    try {
      if (type == String.class) {
        return Optional.of(text);
      } else if (type == Integer.class || type == int.class) {
        return Optional.of(Integer.valueOf(text));
      } else if (type == Long.class || type == long.class) {
        return Optional.of(Long.valueOf(text));
      } else if (type == Double.class || type == double.class) {
        return Optional.of(Double.valueOf(text));
      } else if (type == Boolean.class || type == boolean.class) {
        return text.matches("(?i)true|false")
            ? Optional.of(Boolean.valueOf(text))
            : Optional.empty();
      } else if (type == URI.class) {
        return Optional.of(URI.create(text));
      } else if (type == Region.class) {
        return Optional.of(Region.of(text));
      } else if (type == Duration.class) {
        return Optional.of(Duration.parse(text));
      }
      return constant(type, text);
    } catch (IllegalArgumentException | DateTimeParseException notOfThatType) {
      return Optional.empty();
    }
  }

  private static Optional<Object> constant(Class<?> type, String text) {
    Object[] constants = type.getEnumConstants();
    return constants == null
        ? Optional.empty()
        : Arrays.stream(constants)
            .filter(one -> ((Enum<?>) one).name().equalsIgnoreCase(text))
            .findFirst();
  }
}
