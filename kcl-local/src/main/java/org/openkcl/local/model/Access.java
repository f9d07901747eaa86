package org.openkcl.local.model;

import java.io.Serializable;
import java.util.Set;
import java.util.function.Supplier;

/** Whose request the model is working on, and whether a resource's policy lets it. */
final class Access implements Serializable {
  /** A policy that denies these could never be taken back. */
  private static final Set<String> ALWAYS_ALLOWED =
      Set.of("PutResourcePolicy", "GetResourcePolicy", "DeleteResourcePolicy");

  private Call current = Call.DIRECT;

  Call current() {
    return current;
  }

  <T> T during(Call call, Supplier<T> work) {
    Call outer = current;
    current = call;
    try {
      return work.get();
    } finally {
      current = outer;
    }
  }

  /** Throws {@code AccessDeniedException} when the resource's policy denies the current call. */
  void check(Resource resource) {
    ResourcePolicy policy = resource.policy;
    if (policy == null
        || current.isDirect()
        || ALWAYS_ALLOWED.contains(current.action())
        || !policy.denies(current)) {
      return;
    }
    throw new StreamException(
        "AccessDeniedException",
        "User: "
            + current.user()
            + " is not authorized to perform: kinesis:"
            + current.action()
            + " on resource: "
            + resource.arn
            + " with an explicit deny in a resource-based policy");
  }
}
