package org.openkcl.local.model;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** What a stream and a registered consumer have in common: an ARN, tags and a policy. */
final class Resource implements Serializable {
  final String arn;
  final TagSet tags;

  @Nullable
  ResourcePolicy policy;

  /**
   * A resource without tags and policy.
   *
   * @param label how errors name it, such as {@code stream orders under account 000000000000}
   */
  Resource(String arn, String label) {
    this.arn = arn;
    this.tags = new TagSet(label);
  }

  static Resource stream(String name) {
    return new Resource(
        StreamNames.arn(name), "stream " + name + " under account " + StreamNames.ACCOUNT);
  }
}
