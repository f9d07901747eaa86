package org.openkcl.multilang.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * Whose credentials a client uses: its own, else those of Kinesis, else what the AWS SDK finds. Each
 * can be given by a text or by the keys of a bean; there are two names for the text.
 */
public enum ClientCredentials {
  KINESIS("AwsCredentialsProvider", "kinesisCredentialsProvider"),
  DYNAMO_DB("AwsCredentialsProviderDynamoDB", "dynamoDBCredentialsProvider"),
  CLOUD_WATCH("AwsCredentialsProviderCloudWatch", "cloudWatchCredentialsProvider");

  private final String text;
  private final String bean;

  ClientCredentials(String text, String bean) {
    this.text = text;
    this.bean = bean;
  }

  /** Whether a key is a property of one of the beans. */
  static boolean isProperty(String key) {
    for (ClientCredentials client : values()) {
      if (key.startsWith(client.bean + ".")) {
        return true;
      }
    }
    return false;
  }

  /**
   * The provider for this client; empty when the AWS SDK is to look for credentials.
   *
   * @throws ConfigurationException when what is named cannot be had, or is named twice
   */
  public Optional<AwsCredentialsProvider> of(Configuration configuration)
      throws ConfigurationException {
    Optional<AwsCredentialsProvider> own = own(configuration);
    return own.isPresent() || this == KINESIS ? own : KINESIS.own(configuration);
  }

  private Optional<AwsCredentialsProvider> own(Configuration configuration)
      throws ConfigurationException {
    Optional<Setting> named = configuration.setting(text);
    Optional<Setting> alsoNamed = configuration.setting(bean);
    Map<String, Setting> properties = configuration.nested(bean);
    if (named.isPresent() && alsoNamed.isPresent()) {
      throw twice(alsoNamed.get(), named.get());
    }
    Optional<Setting> any = named.or(() -> alsoNamed);
    if (any.isPresent() && !properties.isEmpty()) {
      throw twice(properties.values().iterator().next(), any.get());
    }
    if (any.isPresent()) {
      return Optional.of(Credentials.parse(any.get()));
    }
    return properties.isEmpty()
        ? Optional.empty()
        : Optional.of(new CredentialsBean(bean, properties).provider());
  }

  private static ConfigurationException twice(Setting one, Setting other) {
    return new ConfigurationException(List.of(new Problem(
        one.source(),
        "%s and %s (%s) both name the credentials of one client: set one of them"
            .formatted(one.key(), other.key(), other.source()))));
  }
}
