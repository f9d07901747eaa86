package org.openkcl.multilang.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

class CredentialsBeanTest {

  /** A provider with arguments, as users have their own. */
  public static final class Own implements AwsCredentialsProvider {
    private final String key;
    private final String secret;

    private Own(String key, String secret) {
      this.key = key;
      this.secret = secret;
    }

    public static Own create(String key, String secret) {
      return new Own(key, secret);
    }

    @Override
    public AwsCredentials resolveCredentials() {
      return software.amazon.awssdk.auth.credentials.AwsBasicCredentials.create(key, secret);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "DefaultCredentialsProvider",
    "EnvironmentVariableCredentialsProvider",
    "software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider"
  })
  void aClassAloneIsBuiltAsItIs(String name) throws ConfigurationException {
    AwsCredentialsProvider provider = kinesis("kinesisCredentialsProvider.class = " + name);
    assertThat(name).endsWith(provider.getClass().getSimpleName());
  }

  @Test
  void propertiesOfTheBuilderAreSet() throws ConfigurationException {
    assertThat(kinesis("""
            kinesisCredentialsProvider.class = ProfileCredentialsProvider
            kinesisCredentialsProvider.profileName = prod
            """).toString()).contains("profileName=prod");
  }

  @Test
  void propertiesWithBuildersOfTheirOwnGoDeeper() throws Exception {
    AwsCredentialsProvider provider =
        kinesis("""
        kinesisCredentialsProvider.class = %s
        kinesisCredentialsProvider.refreshRequest.roleArn = arn:aws:iam::123456789012:role/reader
        kinesisCredentialsProvider.refreshRequest.roleSessionName = orders
        kinesisCredentialsProvider.stsClient.region = eu-west-1
        kinesisCredentialsProvider.asyncCredentialUpdateEnabled = false
        """.formatted(StsAssumeRoleCredentialsProvider.class.getName()));
    try (StsAssumeRoleCredentialsProvider sts = (StsAssumeRoleCredentialsProvider) provider) {
      assertThat(sts.toBuilder()).isNotNull();
    }
  }

  @Test
  void argumentsOfCreateAreGivenInOrder() throws ConfigurationException {
    AwsCredentials credentials = kinesis("""
        kinesisCredentialsProvider.class = %s
        kinesisCredentialsProvider.[1] = the-secret
        kinesisCredentialsProvider.[0] = the-key
        """.formatted(Own.class.getName())).resolveCredentials();
    assertThat(credentials.accessKeyId()).isEqualTo("the-key");
    assertThat(credentials.secretAccessKey()).isEqualTo("the-secret");
  }

  @Test
  void eachClientHasItsOwnElseThoseOfKinesis() throws ConfigurationException {
    Configuration configuration = Configuration.parse("""
        AwsCredentialsProvider = EnvironmentVariableCredentialsProvider
        dynamoDBCredentialsProvider.class = SystemPropertyCredentialsProvider
        """, Map.of());
    assertThat(simpleName(ClientCredentials.KINESIS, configuration))
        .isEqualTo("EnvironmentVariableCredentialsProvider");
    assertThat(simpleName(ClientCredentials.DYNAMO_DB, configuration))
        .isEqualTo("SystemPropertyCredentialsProvider");
    assertThat(simpleName(ClientCredentials.CLOUD_WATCH, configuration))
        .isEqualTo("EnvironmentVariableCredentialsProvider");
  }

  @Test
  void theBeanCanBeGivenByAText() throws ConfigurationException {
    assertThat(kinesis("kinesisCredentialsProvider = EnvironmentVariableCredentialsProvider"))
        .hasToString("EnvironmentVariableCredentialsProvider()");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kinesisCredentialsProvider.profileName = x | line 1: kinesisCredentialsProvider.class must be set",
        "kinesisCredentialsProvider.class = Nobody | line 1: kinesisCredentialsProvider.class: there is no credentials provider 'Nobody'",
        "kinesisCredentialsProvider.class = java.lang.String | line 1: kinesisCredentialsProvider.class: there is no credentials provider 'java.lang.String'",
        "kinesisCredentialsProvider.class = ProfileCredentialsProvider!kinesisCredentialsProvider.colour = x | line 2: kinesisCredentialsProvider.colour cannot be set: the AWS SDK has no 'colour'",
        "kinesisCredentialsProvider.class = ProfileCredentialsProvider!kinesisCredentialsProvider.profileName = x!kinesisCredentialsProvider.[0] = y | line 2: kinesisCredentialsProvider.profileName is a property of a builder",
        "kinesisCredentialsProvider.class = ProfileCredentialsProvider!kinesisCredentialsProvider.[1] = y | line 2: kinesisCredentialsProvider.[1] has no argument before it",
        "kinesisCredentialsProvider.class = software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider | line 1: kinesisCredentialsProvider.class was refused",
        "AwsCredentialsProvider = DefaultCredentialsProvider!kinesisCredentialsProvider.class = x | line 2: kinesisCredentialsProvider.class and AwsCredentialsProvider (line 1) both name",
        "AwsCredentialsProvider = DefaultCredentialsProvider!kinesisCredentialsProvider = x | line 2: kinesisCredentialsProvider and AwsCredentialsProvider (line 1) both name"
      })
  void whatCannotBeHadIsToldWithItsLine(String lines, String message) {
    ConfigurationException thrown =
        catchThrowableOfType(ConfigurationException.class, () -> kinesis(lines.replace('!', '\n')));
    assertThat(thrown).hasMessageStartingWith(message);
  }

  private static AwsCredentialsProvider kinesis(String text) throws ConfigurationException {
    return ClientCredentials.KINESIS.of(Configuration.parse(text, Map.of())).orElseThrow();
  }

  private static String simpleName(ClientCredentials client, Configuration configuration)
      throws ConfigurationException {
    return client.of(configuration).orElseThrow().getClass().getSimpleName();
  }
}
