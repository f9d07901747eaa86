package org.openkcl.multilang.config;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * A credentials provider that several keys describe: {@code BEAN.class} names it, and either {@code
 * BEAN.property} sets what its builder has, with dots to go deeper, or {@code BEAN.[0]} and so on are
 * the arguments of its {@code create}.
 */
final class CredentialsBean {
  private static final String CLASS = "class";
  private static final Pattern ARGUMENT = Pattern.compile("\\[([0-9]{1,3})\\]");

  private final String bean;
  private final Map<String, Setting> properties;

  /**
   * A bean.
   *
   * @param properties by the path behind its name; at least one
   */
  CredentialsBean(String bean, Map<String, Setting> properties) {
    this.bean = bean;
    this.properties = properties;
  }

  /**
   * The provider.
   *
   * @throws ConfigurationException when it cannot be had
   */
  AwsCredentialsProvider provider() throws ConfigurationException {
    Setting name = properties.get(CLASS);
    if (name == null) {
      throw problem(first(), "%s.class must be set: it names the provider".formatted(bean));
    }
    Class<?> type = Credentials.typeNamed(name.value())
        .orElseThrow(() -> problem(
            name,
            "%s: there is no credentials provider '%s'. Use the name of a class of the AWS SDK,"
                    .formatted(name.key(), name.value())
                + " such as ProfileCredentialsProvider, or the full name of a class on the class"
                + " path"));
    Map<Integer, Setting> arguments = new TreeMap<>();
    Map<String, Setting> others = new LinkedHashMap<>();
    properties.forEach((path, setting) -> {
      Matcher argument = ARGUMENT.matcher(path);
      if (argument.matches()) {
        arguments.put(Integer.valueOf(argument.group(1)), setting);
      } else if (!path.equals(CLASS)) {
        others.put(path, setting);
      }
    });
    if (!arguments.isEmpty() && !others.isEmpty()) {
      throw problem(
          first(others),
          "%s is a property of a builder, and %s.[0] an argument of create: set either"
              .formatted(first(others).key(), bean));
    }
    return arguments.isEmpty() ? built(type, name, others) : created(type, name, arguments);
  }

  private static AwsCredentialsProvider built(
      Class<?> type, Setting name, Map<String, Setting> others) throws ConfigurationException {
    Optional<Object> builder = NestedSettings.builderOf(type);
    if (builder.isEmpty() && others.isEmpty()) {
      return created(type, name, Map.of());
    }
    if (builder.isEmpty()) {
      throw problem(
          first(others),
          "%s cannot be set: %s has no builder".formatted(first(others).key(), type.getName()));
    }
    NestedSettings.apply(builder.get(), others);
    try {
      return (AwsCredentialsProvider) NestedSettings.build(builder.get());
    } catch (InvocationTargetException refused) {
      throw problem(name, "%s was refused: %s".formatted(name.key(), refused.getTargetException()));
    } catch (ReflectiveOperationException inaccessible) {
      throw problem(name, "%s cannot be built: %s".formatted(name.key(), inaccessible));
    }
  }

  private static AwsCredentialsProvider created(
      Class<?> type, Setting name, Map<Integer, Setting> arguments) throws ConfigurationException {
    List<String> texts = new ArrayList<>();
    for (Map.Entry<Integer, Setting> argument : arguments.entrySet()) {
      if (argument.getKey() != texts.size()) {
        throw problem(
            argument.getValue(),
            "%s has no argument before it: arguments are numbered from 0 without gaps"
                .formatted(argument.getValue().key()));
      }
      texts.add(argument.getValue().value());
    }
    try {
      return Credentials.created(type, texts.toArray(String[]::new));
    } catch (InvocationTargetException refused) {
      throw problem(name, "%s was refused: %s".formatted(name.key(), refused.getTargetException()));
    } catch (ReflectiveOperationException noSuchMethod) {
      throw problem(
          name,
          "%s: %s has no create with %d texts".formatted(name.key(), type.getName(), texts.size()));
    }
  }

  private Setting first() {
    return first(properties);
  }

  private static Setting first(Map<String, Setting> settings) {
    return settings.values().iterator().next();
  }

  private static ConfigurationException problem(Setting setting, String message) {
    return new ConfigurationException(List.of(new Problem(setting.source(), message)));
  }
}
