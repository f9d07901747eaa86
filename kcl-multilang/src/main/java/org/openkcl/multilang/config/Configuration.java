package org.openkcl.multilang.config;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of a daemon: those of the file, and environment variables in place of some of them.
 * Every value has been checked against the type of its key. Immutable.
 */
public final class Configuration {
  /** {@code failoverTimeMillis} is overridden by {@code OPENKCL_FAILOVER_TIME_MILLIS}. */
  private static final String VARIABLE_PREFIX = "OPENKCL_";

  private final Map<String, Setting> settings;

  private Configuration(Map<String, Setting> settings) {
    this.settings = settings;
  }

  /**
   * Reads a properties file, in ISO 8859-1 as Java's are.
   *
   * @throws ConfigurationException with all that is wrong, if anything is
   */
  public static Configuration read(Path file, Map<String, String> environment)
      throws ConfigurationException {
    try {
      return parse(Files.readString(file, StandardCharsets.ISO_8859_1), environment);
    } catch (NoSuchFileException missing) {
      throw new ConfigurationException(
          List.of(new Problem("", "There is no file " + file.toAbsolutePath())));
    } catch (IOException unreadable) {
      throw new ConfigurationException(List.of(
          new Problem("", "The file " + file.toAbsolutePath() + " cannot be read: " + unreadable)));
    }
  }

  /** As {@link #read}, from the text of a file. */
  public static Configuration parse(String text, Map<String, String> environment)
      throws ConfigurationException {
    List<Problem> problems = new ArrayList<>();
    Map<String, Setting> settings = new LinkedHashMap<>();
    try {
      for (Setting setting : PropertiesText.parse(text)) {
        add(settings, setting, problems);
      }
    } catch (IllegalArgumentException unreadable) {
      problems.add(new Problem("", String.valueOf(unreadable.getMessage())));
    }
    for (Key key : Keys.ALL) {
      String variable = variableOf(key.name());
      String value = environment.get(variable);
      if (value != null) {
        add(settings, new Setting(key.name(), value.strip(), variable), problems);
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return new Configuration(settings);
  }

  private static void add(Map<String, Setting> settings, Setting setting, List<Problem> problems) {
    if (NestedSettings.isNested(setting.key())) {
      settings.put(setting.key(), setting);
      return;
    }
    Optional<Key> key = Keys.find(setting.key());
    if (key.isEmpty()) {
      String advice = Keys.nearest(setting.key())
          .map(near -> ". Did you mean " + near + "?")
          .orElse(". Remove it, or see the list of keys in docs/multilang.md");
      problems.add(
          new Problem(setting.source(), "There is no key '" + setting.key() + "'" + advice));
      return;
    }
    Optional<String> wrong = Values.problem(key.get(), setting.value());
    if (wrong.isPresent()) {
      problems.add(new Problem(setting.source(), wrong.get()));
    } else if (!setting.value().isEmpty()) {
      settings.put(key.get().name(), setting);
    }
  }

  /** The environment variable that overrides a key. */
  static String variableOf(String key) {
    StringBuilder name = new StringBuilder(VARIABLE_PREFIX);
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      boolean begins = i > 0
          && Character.isUpperCase(c)
          && (Character.isLowerCase(key.charAt(i - 1))
              || (i + 1 < key.length() && Character.isLowerCase(key.charAt(i + 1))));
      name.append(begins ? "_" : "").append(c == '.' ? '_' : c);
    }
    return name.toString().toUpperCase(Locale.ROOT);
  }

  /** All settings in the order in which they were given. */
  public Collection<Setting> settings() {
    return settings.values();
  }

  /** Settings that have no effect here, each with the reason. */
  public List<String> withoutEffect() {
    return settings.values().stream()
        .flatMap(setting -> Keys.find(setting.key())
            .filter(key -> !key.hasEffect())
            .map(key -> setting.key() + " (" + setting.source() + "): " + key.meaning())
            .stream())
        .toList();
  }

  /** Where a key was given, for people; empty when it was not. */
  public String sourceOf(String key) {
    Setting setting = settings.get(key);
    return setting == null ? "" : setting.source();
  }

  /** A key's value and where it was given; empty when it was not. */
  Optional<Setting> setting(String key) {
    return Optional.ofNullable(settings.get(key));
  }

  /** The value of a key, or of the first of several with the same meaning. */
  public Optional<String> text(String... keys) {
    for (String key : keys) {
      Setting setting = settings.get(key);
      if (setting != null) {
        return Optional.of(setting.value());
      }
    }
    return Optional.empty();
  }

  public Optional<Long> whole(String... keys) {
    return text(keys).map(Long::valueOf);
  }

  public Optional<Double> decimal(String key) {
    return text(key).map(Double::valueOf);
  }

  public Optional<Duration> millis(String... keys) {
    return whole(keys).map(Duration::ofMillis);
  }

  public Optional<URI> uri(String key) {
    return text(key).map(URI::create);
  }

  /** False when the key was not given. */
  public boolean flag(String key) {
    return text(key).map(Boolean::parseBoolean).orElse(false);
  }

  /** The nested settings of a bean, such as {@code kinesisClient}, by the path behind its name. */
  public Map<String, Setting> nested(String bean) {
    Map<String, Setting> nested = new LinkedHashMap<>();
    settings.forEach((key, setting) -> {
      if (key.startsWith(bean + ".")) {
        nested.put(key.substring(bean.length() + 1), setting);
      }
    });
    return nested;
  }
}
