package org.openkcl.peers;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The library's settings by name, so that one program serves versions with different settings:
 * {@code leaseManagement.failoverTimeMillis}, or, one object further in, {@code
 * leaseManagement.gracefulLeaseHandoffConfig.isGracefulLeaseHandoffEnabled}.
 */
final class Settings {
  private final Map<String, Object> configs;

  Settings(Map<String, Object> configs) {
    this.configs = configs;
  }

  /**
   * Sets one.
   *
   * @throws IllegalArgumentException when this version has none of that name, or not with that value
   */
  void set(String path, String value) {
    List<String> names = Arrays.asList(path.split("\\."));
    Object config = configs.get(names.get(0));
    if (config == null || names.size() < 2) {
      throw new IllegalArgumentException("A setting is CONFIG.SETTER=VALUE with CONFIG one of "
          + new TreeSet<>(configs.keySet())
          + ": got "
          + path);
    }
    try {
      for (String name : names.subList(1, names.size() - 1)) {
        config = config.getClass().getMethod(name).invoke(config);
      }
      set(config, names.get(names.size() - 1), value);
    } catch (ReflectiveOperationException failure) {
      throw new IllegalArgumentException("Cannot set " + path + " to " + value, failure);
    }
  }

  private static void set(Object config, String name, String value)
      throws ReflectiveOperationException {
    for (Method method : config.getClass().getMethods()) {
      if (method.getName().equals(name) && method.getParameterCount() == 1) {
        method.invoke(config, parsed(method.getParameterTypes()[0], value));
        return;
      }
    }
    throw new NoSuchMethodException(config.getClass().getSimpleName() + "." + name);
  }

  private static Object parsed(Class<?> type, String value) throws ReflectiveOperationException {
    if (type == long.class || type == Long.class) {
      return Long.valueOf(value);
    }
    if (type == int.class || type == Integer.class) {
      return Integer.valueOf(value);
    }
    if (type == double.class || type == Double.class) {
      return Double.valueOf(value);
    }
    if (type == boolean.class || type == Boolean.class) {
      return Boolean.valueOf(value);
    }
    if (type == Duration.class) {
      return Duration.parse(value);
    }
    if (type.isEnum()) {
      return type.getMethod("valueOf", String.class).invoke(null, value);
    }
    return value;
  }
}
