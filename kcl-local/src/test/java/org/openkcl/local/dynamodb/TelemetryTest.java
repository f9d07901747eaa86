package org.openkcl.local.dynamodb;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TelemetryTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "software.amazon.awssdk.services.pinpoint.PinpointClient",
        "software.amazon.awssdk.services.cognitoidentity.CognitoIdentityClient"
      })
  void hasNoClientToReportWith(String className) {
    assertThatThrownBy(() -> Class.forName(className)).isInstanceOf(ClassNotFoundException.class);
  }
}
