package org.openkcl.local.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.local.conformance.Rows.on;

import java.util.List;
import software.amazon.awssdk.services.kinesis.model.DescribeAccountSettingsRequest;
import software.amazon.awssdk.services.kinesis.model.DescribeAccountSettingsResponse;
import software.amazon.awssdk.services.kinesis.model.DescribeLimitsRequest;
import software.amazon.awssdk.services.kinesis.model.DescribeLimitsResponse;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.MinimumThroughputBillingCommitmentInputStatus;
import software.amazon.awssdk.services.kinesis.model.MinimumThroughputBillingCommitmentOutputStatus;
import software.amazon.awssdk.services.kinesis.model.UpdateAccountSettingsRequest;
import software.amazon.awssdk.services.kinesis.model.UpdateAccountSettingsResponse;
import software.amazon.awssdk.services.kinesis.model.ValidationException;

/** The account. */
final class AccountRows {
  private AccountRows() {}

  static List<Rows> all() {
    return List.of(limits(), settings(), update());
  }

  private static Rows limits() {
    return on(
            "DescribeLimits", (stage, stream) -> DescribeLimitsRequest.builder().build())
        .ok(DescribeLimitsResponse.class, reply -> {
          assertThat(reply.shardLimit()).isEqualTo(20_000);
          assertThat(reply.openShardCount()).isEqualTo(2);
          assertThat(reply.onDemandStreamCount()).isZero();
          assertThat(reply.onDemandStreamCountLimit()).isEqualTo(50);
        })
        .throttledByFault();
  }

  private static Rows settings() {
    return on(
            "DescribeAccountSettings",
            (stage, stream) -> DescribeAccountSettingsRequest.builder().build())
        .ok(
            DescribeAccountSettingsResponse.class,
            reply ->
                assertThat(reply.minimumThroughputBillingCommitment().status()).isNotNull())
        .throttledByFault();
  }

  private static Rows update() {
    return on(
            "UpdateAccountSettings",
            (stage, stream) ->
                status(MinimumThroughputBillingCommitmentInputStatus.ENABLED.toString()))
        .ok(UpdateAccountSettingsResponse.class, reply -> {
          assertThat(reply.minimumThroughputBillingCommitment().status())
              .isEqualTo(MinimumThroughputBillingCommitmentOutputStatus.ENABLED);
          assertThat(reply.minimumThroughputBillingCommitment().earliestAllowedEndAt())
              .isEqualTo(
                  reply.minimumThroughputBillingCommitment().startedAt().plusSeconds(86_400));
        })
        .throttledByFault()
        .refuses(
            ValidationException.class,
            "satisfy enum value set: [ENABLED, DISABLED]",
            "with a status that is none",
            stage -> status("MAYBE"))
        .never(
            InvalidArgumentException.class,
            "its one argument is either one of two words or not valid at all");
  }

  private static UpdateAccountSettingsRequest status(String status) {
    return UpdateAccountSettingsRequest.builder()
        .minimumThroughputBillingCommitment(commitment -> commitment.status(status))
        .build();
  }
}
