package org.openkcl.multilang.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;

class CredentialsTest {

  @ParameterizedTest
  @CsvSource({
    "DefaultCredentialsProvider, DefaultCredentialsProvider",
    "EnvironmentVariableCredentialsProvider, EnvironmentVariableCredentialsProvider",
    "ProfileCredentialsProvider|prod, ProfileCredentialsProvider",
    "InstanceProfileCredentialsProvider, InstanceProfileCredentialsProvider",
    "software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider, DefaultCredentialsProvider",
    "DefaultAWSCredentialsProviderChain, DefaultCredentialsProvider",
    "EC2ContainerCredentialsProviderWrapper, ContainerCredentialsProvider",
    "SystemPropertiesCredentialsProvider, SystemPropertyCredentialsProvider"
  })
  void aNameOfEitherSdkIsFound(String text, String simpleName) throws ConfigurationException {
    assertThat(Credentials.parse(setting(text)).getClass().getSimpleName()).isEqualTo(simpleName);
  }

  @Test
  void severalMakeAChain() throws ConfigurationException {
    assertThat(Credentials.parse(
            setting("EnvironmentVariableCredentialsProvider, ProfileCredentialsProvider|prod")))
        .isInstanceOf(AwsCredentialsProviderChain.class);
  }

  @ParameterizedTest
  @CsvSource({
    "NoSuchProvider",
    "java.lang.String",
    "StsAssumeRoleCredentialsProvider|only-a-role",
    "StsAssumeRoleCredentialsProvider|role|session|unknown=1"
  })
  void whatCannotBeHadIsAnError(String text) {
    ConfigurationException thrown =
        catchThrowableOfType(ConfigurationException.class, () -> Credentials.parse(setting(text)));
    assertThat(thrown).hasMessageStartingWith("line 7: key: there is no credentials provider");
  }

  private static Setting setting(String text) {
    return new Setting("key", text, "line 7");
  }
}
