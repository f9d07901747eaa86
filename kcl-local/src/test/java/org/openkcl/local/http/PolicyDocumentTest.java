package org.openkcl.local.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openkcl.local.model.ResourcePolicy;
import org.openkcl.local.model.ResourcePolicy.Denial;
import org.openkcl.local.model.StreamException;

final class PolicyDocumentTest {
  @Test
  void findsTheDenials() {
    String text = "{\"Version\":\"2012-10-17\",\"Statement\":["
        + "{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"kinesis:*\"},"
        + "{\"Sid\":\"no\",\"Effect\":\"Deny\",\"Principal\":{\"AWS\":[\"a\",\"b\"]},"
        + "\"Action\":[\"kinesis:PutRecord\",\"kinesis:PutRecords\"],\"Resource\":\"*\"},"
        + "{\"Effect\":\"Deny\",\"Principal\":{\"AWS\":\"c\"},\"Action\":\"kinesis:Get*\"}]}";
    assertThat(PolicyDocument.parse(text))
        .isEqualTo(new ResourcePolicy(
            text,
            List.of(
                new Denial(List.of("kinesis:PutRecord", "kinesis:PutRecords"), List.of("a", "b")),
                new Denial(List.of("kinesis:Get*"), List.of("c")))));
  }

  @Test
  void takesASingleStatement() {
    String text =
        "{\"Statement\":{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"kinesis:*\"}}";
    assertThat(PolicyDocument.parse(text).denials()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"Principal\":\"*\",\"Action\":\"kinesis:*\",\"Condition\":{\"Bool\":{\"x\":\"true\"}}",
        "\"Principal\":\"*\",\"NotAction\":\"kinesis:GetRecords\"",
        "\"NotPrincipal\":{\"AWS\":\"a\"},\"Action\":\"kinesis:*\""
      })
  void keepsWhatItDoesNotEvaluate(String members) {
    String text = "{\"Statement\":[{\"Effect\":\"Deny\"," + members + "}]}";
    assertThat(PolicyDocument.parse(text)).isEqualTo(new ResourcePolicy(text, List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no JSON",
        "[]",
        "{}",
        "{\"Statement\":\"x\"}",
        "{\"Statement\":[7]}",
        "{\"Statement\":[{}]}",
        "{\"Statement\":[{\"Effect\":\"Perhaps\",\"Principal\":\"*\",\"Action\":\"kinesis:*\"}]}",
        "{\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":[7]}]}",
        "{\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":{\"AWS\":{}},\"Action\":\"a\"}]}"
      })
  void refusesWhatIsNoPolicy(String text) {
    assertThatThrownBy(() -> PolicyDocument.parse(text))
        .isInstanceOfSatisfying(
            StreamException.class,
            error -> assertThat(error.errorType()).isEqualTo("InvalidArgumentException"))
        .hasMessageStartingWith("The resource policy is malformed: ");
  }

  @Test
  void refusesAPolicyThatIsTooLong() {
    assertThatThrownBy(() -> PolicyDocument.parse(" ".repeat(20_481)))
        .hasMessageContaining("longer than 20480 characters");
  }
}
