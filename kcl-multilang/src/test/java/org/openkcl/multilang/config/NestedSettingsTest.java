package org.openkcl.multilang.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClientBuilder;

class NestedSettingsTest {

  @Test
  void setsPropertiesOfAnSdkBuilder() throws ConfigurationException {
    KinesisAsyncClientBuilder builder =
        KinesisAsyncClient.builder().credentialsProvider(AnonymousCredentialsProvider.create());
    NestedSettings.apply(
        builder,
        Map.of(
            "region", setting("region", "eu-west-1"),
            "endpointOverride", setting("endpointOverride", "http://127.0.0.1:1")));
    try (KinesisAsyncClient client = builder.build()) {
      assertThat(client.serviceClientConfiguration().region()).isEqualTo(Region.EU_WEST_1);
      assertThat(client.serviceClientConfiguration().endpointOverride().orElseThrow())
          .hasToString("http://127.0.0.1:1");
    }
  }

  @Test
  void tellsWhatTheSdkDoesNotHave() {
    ConfigurationException thrown = catchThrowableOfType(
        ConfigurationException.class,
        () -> NestedSettings.apply(
            KinesisAsyncClient.builder(), Map.of("colour", setting("colour", "blue"))));
    assertThat(thrown)
        .hasMessage("line 3: kinesisClient.colour cannot be set: the AWS SDK has no 'colour' that"
            + " takes 'blue'");
  }

  private static Setting setting(String property, String value) {
    return new Setting("kinesisClient." + property, value, "line 3");
  }
}
