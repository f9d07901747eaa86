package org.openkcl.local.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.local.conformance.Rows.on;
import static org.openkcl.local.conformance.Stage.arn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.model.DeleteResourcePolicyRequest;
import software.amazon.awssdk.services.kinesis.model.DeleteResourcePolicyResponse;
import software.amazon.awssdk.services.kinesis.model.GetResourcePolicyRequest;
import software.amazon.awssdk.services.kinesis.model.GetResourcePolicyResponse;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.KinesisRequest;
import software.amazon.awssdk.services.kinesis.model.PutResourcePolicyRequest;
import software.amazon.awssdk.services.kinesis.model.PutResourcePolicyResponse;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;

/** Resource policies. */
final class PolicyRows {
  private static final String ONLY_AN_ARN =
      "its one argument is an ARN; a malformed one is a ValidationException";

  private PolicyRows() {}

  static List<Rows> all() {
    return List.of(put(), get(), delete());
  }

  private static Rows put() {
    return on("PutResourcePolicy", (stage, stream) -> put(stream, policy(stream)))
        .ok(PutResourcePolicyResponse.class, reply -> {})
        .unknownStream()
        .creatingStream()
        .deniedByFault()
        .throttledByFault()
        .refuses(
            InvalidArgumentException.class,
            "The resource policy is malformed",
            "for what is no policy",
            stage -> put(stage.stream(), "{\"Statement\":7}"));
  }

  private static PutResourcePolicyRequest put(@Nullable String stream, String policy) {
    return PutResourcePolicyRequest.builder()
        .resourceARN(arn(stream))
        .policy(policy)
        .build();
  }

  private static String policy(@Nullable String stream) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"readers\",\"Effect\":\"Allow\","
        + "\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:root\"},"
        + "\"Action\":[\"kinesis:GetRecords\"],\"Resource\":\""
        + arn(stream)
        + "\"}]}";
  }

  private static Rows get() {
    return on("GetResourcePolicy", PolicyRows::get)
        .ok(GetResourcePolicyResponse.class, reply -> assertThat(reply.policy()).isEqualTo("{}"))
        .unknownStream()
        .deniedByFault()
        .throttledByFault()
        .never(InvalidArgumentException.class, ONLY_AN_ARN)
        .never(ResourceInUseException.class, "a policy can be read in every state of a stream");
  }

  private static KinesisRequest get(Stage stage, @Nullable String stream) {
    return GetResourcePolicyRequest.builder().resourceARN(arn(stream)).build();
  }

  private static Rows delete() {
    return on("DeleteResourcePolicy", PolicyRows::delete)
        .ok(
            "for a stream that has a policy",
            stage -> {
              String stream = stage.stream();
              stage.deny(stream, "PutRecord");
              return delete(stage, stream);
            },
            DeleteResourcePolicyResponse.class,
            reply -> {})
        .unknownStream()
        .creatingStream()
        .deniedByFault()
        .throttledByFault()
        .refuses(
            ResourceNotFoundException.class,
            "No resource policy found for resource ARN",
            "for a stream without a policy",
            stage -> delete(stage, stage.stream()))
        .never(InvalidArgumentException.class, ONLY_AN_ARN);
  }

  private static KinesisRequest delete(Stage stage, @Nullable String stream) {
    return DeleteResourcePolicyRequest.builder().resourceARN(arn(stream)).build();
  }
}
