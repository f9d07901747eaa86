package org.openkcl.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamIdentifierTest {
  private static final String ARN = "arn:aws-cn:kinesis:cn-north-1:123456789012:stream/flights";

  @Test
  void aSingleStreamIsItsName() {
    StreamIdentifier stream = StreamIdentifier.singleStreamInstance("flights");
    assertThat(stream.serialize()).isEqualTo("flights");
    assertThat(stream).hasToString("flights");
    assertThat(stream.accountIdOptional()).isEmpty();
    assertThat(stream.streamCreationEpochOptional()).isEmpty();
    assertThat(stream.streamArnOptional()).isEmpty();
  }

  @Test
  void oneOfSeveralIsAccountNameAndEpoch() {
    StreamIdentifier stream = StreamIdentifier.multiStreamInstance("12:flights:1700000000");
    assertThat(stream.accountIdOptional()).hasValue("12");
    assertThat(stream.streamName()).isEqualTo("flights");
    assertThat(stream.streamCreationEpochOptional()).hasValue(1700000000L);
    assertThat(stream.serialize()).isEqualTo("12:flights:1700000000");
  }

  @Test
  void anArnGivesAccountAndName() {
    StreamIdentifier single = StreamIdentifier.singleStreamInstanceOfArn(ARN);
    assertThat(single.serialize()).isEqualTo("flights");
    assertThat(single.accountIdOptional()).hasValue("123456789012");
    assertThat(single.streamArnOptional()).hasValue(ARN);
    StreamIdentifier one = StreamIdentifier.multiStreamInstanceOfArn(ARN, 7);
    assertThat(one).isEqualTo(StreamIdentifier.multiStreamInstance("123456789012:flights:7"));
    assertThat(one).hasSameHashCodeAs(StreamIdentifier.multiStreamInstance(one.serialize()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "flights",
        "12:flights",
        "12:flights:0",
        "x:flights:7",
        "12::7",
        "12:a:b:7",
        "12:flights:-7",
        "12:flights:7x",
        "12:flights:99999999999999999999",
        ":flights:7",
        ""
      })
  void nonsenseIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StreamIdentifier.multiStreamInstance(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:kinesis::123456789012:stream/flights",
        "arn:aws:kinesis:eu-west-1:1234:stream/flights",
        "arn:aws:sqs:eu-west-1:123456789012:stream/flights",
        "arn:aws:kinesis:eu-west-1:123456789012:stream/"
      })
  void wrongArnsAreRefused(String arn) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StreamIdentifier.singleStreamInstanceOfArn(arn));
  }

  @Test
  void aNameIsNeededAndHoldsNoColon() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StreamIdentifier.singleStreamInstance(""));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StreamIdentifier.singleStreamInstance("12:flights:7"));
  }
}
