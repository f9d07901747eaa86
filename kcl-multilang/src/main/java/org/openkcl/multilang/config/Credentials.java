package org.openkcl.multilang.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;

/**
 * Credentials providers as properties files name them: a list with commas, each element a class
 * with arguments behind bars, for example {@code ProfileCredentialsProvider|prod}. The first of the
 * list that has credentials is used.
 */
public final class Credentials {
  private static final String SDK_PACKAGE = "software.amazon.awssdk.auth.credentials.";

  /** Names of the AWS SDK's first version, which old files still have. */
  private static final Map<String, String> FORMER_NAMES = Map.of(
      "DefaultAWSCredentialsProviderChain", "DefaultCredentialsProvider",
      "EC2ContainerCredentialsProviderWrapper", "ContainerCredentialsProvider",
      "SystemPropertiesCredentialsProvider", "SystemPropertyCredentialsProvider");

  private Credentials() {}

  /**
   * The providers of a list.
   *
   * @throws ConfigurationException when one of them cannot be had
   */
  public static AwsCredentialsProvider parse(Setting setting) throws ConfigurationException {
    List<AwsCredentialsProvider> providers = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (String element : setting.value().split(",", -1)) {
      Optional<AwsCredentialsProvider> provider = provider(element.strip());
      if (provider.isPresent()) {
        providers.add(provider.get());
      } else {
        problems.add(new Problem(
            setting.source(),
            "%s: there is no credentials provider '%s'. Use a name such as"
                    .formatted(setting.key(), element.strip())
                + " DefaultCredentialsProvider, ProfileCredentialsProvider|NAME,"
                + " StsAssumeRoleCredentialsProvider|ROLE_ARN|SESSION, or the full name of a class"
                + " on the class path"));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return providers.size() == 1
        ? providers.get(0)
        : AwsCredentialsProviderChain.of(providers.toArray(AwsCredentialsProvider[]::new));
  }

  private static Optional<AwsCredentialsProvider> provider(String element) {
    String[] parts = element.split("\\|", -1);
    String[] arguments = Arrays.copyOfRange(parts, 1, parts.length);
    if (AssumedRole.isMeant(parts[0])) {
      return AssumedRole.provider(arguments);
    }
    String name = FORMER_NAMES.getOrDefault(parts[0], parts[0]);
    for (String className : List.of(SDK_PACKAGE + name, name)) {
      Optional<AwsCredentialsProvider> built = built(className, arguments);
      if (built.isPresent()) {
        return built;
      }
    }
    return Optional.empty();
  }

  private static Optional<AwsCredentialsProvider> built(String className, String[] arguments) {
    try {
      Class<?> type = Class.forName(className);
      if (!AwsCredentialsProvider.class.isAssignableFrom(type)) {
        return Optional.empty();
      }
      Class<?>[] texts = new Class<?>[arguments.length];
      Arrays.fill(texts, String.class);
      return Optional.ofNullable((AwsCredentialsProvider) construct(type, texts, arguments));
    } catch (ReflectiveOperationException noSuchProvider) {
      return Optional.empty();
    }
  }

  /** The class of a provider, by its full name or its name in the AWS SDK's package. */
  static Optional<Class<?>> typeNamed(String name) {
    for (String className : List.of(name, SDK_PACKAGE + name, nestedInPackage(name))) {
      try {
        Class<?> type = Class.forName(className);
        if (AwsCredentialsProvider.class.isAssignableFrom(type)) {
          return Optional.of(type);
        }
      } catch (ClassNotFoundException | LinkageError noSuchClass) {
        // the next name
      }
    }
    return Optional.empty();
  }

  /** A class inside another: the AWS SDK's Outer.Inner is Outer$Inner to the JVM. */
  private static String nestedInPackage(String name) {
    return SDK_PACKAGE + name.replace('.', '$');
  }

  /** What the static {@code create} of a provider makes of texts. */
  static AwsCredentialsProvider created(Class<?> type, String... arguments)
      throws ReflectiveOperationException {
    Class<?>[] texts = new Class<?>[arguments.length];
    Arrays.fill(texts, String.class);
    return (AwsCredentialsProvider)
        type.getMethod("create", texts).invoke(null, (Object[]) arguments);
  }

  private static @Nullable Object construct(Class<?> type, Class<?>[] texts, String[] arguments)
      throws ReflectiveOperationException {
    for (Constructor<?> constructor : type.getConstructors()) {
      if (Arrays.equals(constructor.getParameterTypes(), texts)) {
        return constructor.newInstance((Object[]) arguments);
      }
      if (arguments.length > 0
          && Arrays.equals(constructor.getParameterTypes(), new Class<?>[] {String[].class})) {
        return constructor.newInstance((Object) arguments);
      }
    }
    Method create = type.getMethod("create", texts);
    return create.invoke(null, (Object[]) arguments);
  }
}
