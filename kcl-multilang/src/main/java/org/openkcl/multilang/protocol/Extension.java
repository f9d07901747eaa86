package org.openkcl.multilang.protocol;

import java.util.Optional;

/**
 * A part of the protocol that the daemon offers in {@code initialize} and that a child takes up by
 * naming it in its answer. Children that know nothing of it do not answer it, and are spoken to as
 * ever.
 */
public enum Extension {
  /** One child serves many shards: every message names its shard. */
  SHARDS("shards"),
  /** The child writes lines for the daemon's log, with levels. */
  LOG("log");

  private final String wireName;

  Extension(String wireName) {
    this.wireName = wireName;
  }

  /** Its name on the wire. */
  public String wireName() {
    return wireName;
  }

  /** The extension of that name; empty when this daemon knows none. */
  static Optional<Extension> named(String wireName) {
    for (Extension extension : values()) {
      if (extension.wireName.equals(wireName)) {
        return Optional.of(extension);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return wireName;
  }
}
