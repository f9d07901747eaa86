package org.openkcl.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamAddressTest {
  private static final String ARN = "arn:aws:kinesis:eu-west-1:123456789012:stream/flights";

  @Test
  void understandsNamesAndArns() {
    assertThat(StreamAddress.of("flights")).isEqualTo(new StreamAddress("flights", null));
    assertThat(StreamAddress.of(ARN)).isEqualTo(new StreamAddress("flights", ARN));
    assertThat(StreamAddress.of(ARN).nameUnlessArn()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "arn:aws:kinesis:eu-west-1:123456789012:stream/", "arn:x/y"})
  void refusesWhatIsNeitherAndSaysWhatIs(String text) {
    assertThatThrownBy(() -> StreamAddress.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name")
        .hasMessageContaining("ARN");
  }
}
