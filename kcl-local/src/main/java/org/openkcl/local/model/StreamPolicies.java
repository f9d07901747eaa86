package org.openkcl.local.model;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** Policies of streams and registered consumers, by ARN (API reference: PutResourcePolicy). */
public final class StreamPolicies implements Serializable {
  private final Resources resources;

  StreamPolicies(Resources resources) {
    this.resources = resources;
  }

  /** Sets a resource's policy; its denials hold from the next request on. */
  public void put(String arn, ResourcePolicy policy) {
    resources.changeable(arn).policy = policy;
  }

  /** A resource's policy; null when it has none. */
  public @Nullable ResourcePolicy of(String arn) {
    return resources.readable(arn).policy;
  }

  /** Removes a resource's policy. */
  public void delete(String arn) {
    Resource resource = resources.changeable(arn);
    if (resource.policy == null) {
      throw StreamException.notFound("No resource policy found for resource ARN " + arn);
    }
    resource.policy = null;
  }
}
