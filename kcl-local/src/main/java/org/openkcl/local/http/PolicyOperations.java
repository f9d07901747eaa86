package org.openkcl.local.http;

import java.util.Map;
import org.openkcl.local.http.Operation.Question;
import org.openkcl.local.model.ResourcePolicy;

/** Resource policies. */
final class PolicyOperations {
  static final Map<String, Operation> ALL = Map.of(
      "PutResourcePolicy", PolicyOperations::put,
      "GetResourcePolicy", PolicyOperations::get,
      "DeleteResourcePolicy", PolicyOperations::delete);

  /** What a resource without a policy has. */
  private static final String EMPTY_POLICY = "{}";

  private PolicyOperations() {}

  private static Question put(Params in) {
    String arn = in.text("ResourceARN");
    ResourcePolicy policy = PolicyDocument.parse(in.text("Policy"));
    return streams -> {
      streams.control().policies().put(arn, policy);
      return ReplyBody.EMPTY;
    };
  }

  private static Question get(Params in) {
    String arn = in.text("ResourceARN");
    return streams -> {
      ResourcePolicy policy = streams.control().policies().of(arn);
      return out -> out.text("Policy", policy == null ? EMPTY_POLICY : policy.text());
    };
  }

  private static Question delete(Params in) {
    String arn = in.text("ResourceARN");
    return streams -> {
      streams.control().policies().delete(arn);
      return ReplyBody.EMPTY;
    };
  }
}
