package org.openkcl.multilang.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {

  @Test
  void readsAFileAsThoseOfTheClientLibrariesAre() throws ConfigurationException {
    Configuration configuration = Configuration.parse("""
        # The program
        executableName = node app.js --verbose\s
        streamName=orders
        applicationName : shop\\
          -orders
        failoverTimeMillis = 12000
        leaseTablePitrEnabled = false
        AwsCredentialsProvider = DefaultCredentialsProvider
        """, Map.of());
    assertThat(configuration.text("executableName")).contains("node app.js --verbose");
    assertThat(configuration.text("applicationName")).contains("shop-orders");
    assertThat(configuration.sourceOf("applicationName")).isEqualTo("line 4");
    assertThat(configuration.sourceOf("failoverTimeMillis")).isEqualTo("line 6");
    assertThat(configuration.millis("failoverTimeMillis")).contains(Duration.ofSeconds(12));
    assertThat(configuration.flag("leaseTablePitrEnabled")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "failovertimeMillis = 5 | line 2: There is no key 'failovertimeMillis'. Did you mean failoverTimeMillis?",
        "streamname = x | line 2: There is no key 'streamname'. Did you mean streamName?",
        "zzzzzzzzzzzz = 1 | line 2: There is no key 'zzzzzzzzzzzz'. Remove it",
        "failoverTimeMillis = 10s | line 2: failoverTimeMillis must be a whole number, 0 or more: got '10s'",
        "leaseTablePitrEnabled = yes | line 2: leaseTablePitrEnabled must be true or false: got 'yes'",
        "retrievalMode = PUSH | line 2: retrievalMode must be one of DEFAULT, FANOUT, POLLING: got 'PUSH'",
        "clientVersionConfig = 2X | line 2: clientVersionConfig must be one of CLIENT_VERSION_CONFIG_3X",
        "fanoutConfig.consumer = me | line 2: There is no key 'fanoutConfig.consumer'. Did you mean fanoutConfig.consumerArn?",
        "kinesisEndpoint = localhost | line 2: kinesisEndpoint must be a URI: got 'localhost'",
        "applicationName = a\\uzz | line 2: Malformed"
      })
  void whatAmazonsDaemonIgnoresIsAnErrorThatSaysWhereAndWhat(String line, String message) {
    ConfigurationException thrown = catchThrowableOfType(
        ConfigurationException.class,
        () -> Configuration.parse("# first\n" + line + "\n", Map.of()));
    assertThat(thrown).hasMessageStartingWith(message);
  }

  @Test
  void allProblemsAreToldAtOnce() {
    ConfigurationException thrown = catchThrowableOfType(
        ConfigurationException.class,
        () -> Configuration.parse("a = 1\nmaxRecords = many\n", Map.of()));
    assertThat(thrown.problems()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "failoverTimeMillis,OPENKCL_FAILOVER_TIME_MILLIS",
    "dynamoDBEndpoint,OPENKCL_DYNAMO_DB_ENDPOINT",
    "AwsCredentialsProvider,OPENKCL_AWS_CREDENTIALS_PROVIDER",
    "pollingConfig.maxRecords,OPENKCL_POLLING_CONFIG_MAX_RECORDS"
  })
  void environmentVariablesOverrideKeys(String key, String variable) throws ConfigurationException {
    assertThat(Configuration.variableOf(key)).isEqualTo(variable);
    Configuration configuration = Configuration.parse(
        "streamName = a\n", Map.of("OPENKCL_STREAM_NAME", "b", "OPENKCL_OTHER", "c"));
    assertThat(configuration.text("streamName")).contains("b");
    assertThat(configuration.sourceOf("streamName")).isEqualTo("OPENKCL_STREAM_NAME");
  }

  @Test
  void keysWithoutACounterpartAreAcceptedAndExplained() throws ConfigurationException {
    Configuration configuration =
        Configuration.parse("maxLeaseRenewalThreads = 40\ndisableWorkerMetrics = true\n", Map.of());
    assertThat(configuration.withoutEffect())
        .containsExactly(
            "maxLeaseRenewalThreads (line 1): renewals need no threads",
            "disableWorkerMetrics (line 2): shards are shared out by OpenKCL's own planner");
  }

  @Test
  void credentialsOfAllClientsAreFoundInAnyCase() throws ConfigurationException {
    Configuration configuration =
        Configuration.parse("AWSCredentialsProvider = ProfileCredentialsProvider|x\n", Map.of());
    assertThat(configuration.text("AwsCredentialsProvider"))
        .contains("ProfileCredentialsProvider|x");
  }
}
