package org.openkcl.local.model;

import java.io.Serializable;
import java.util.function.Supplier;

/** What can be set on streams and on the account, beside shards and records. */
public final class ControlPlane implements Serializable {
  private final Access access;
  private final KeyRegistry keys;
  private final AccountSettings account;
  private final StreamEncryption encryption;
  private final StreamListing listing;
  private final StreamModes modes;
  private final StreamPolicies policies;
  private final StreamSettings settings;
  private final StreamTags tags;

  ControlPlane(
      PresentStreams streams,
      Access access,
      KeyRegistry keys,
      StreamEncryption encryption,
      StreamConsumers consumers) {
    this.access = access;
    this.keys = keys;
    this.encryption = encryption;
    account = new AccountSettings(streams);
    listing = new StreamListing(streams);
    modes = new StreamModes(streams, account);
    policies = new StreamPolicies(new Resources(streams, consumers));
    settings = new StreamSettings(streams);
    tags = new StreamTags(new Resources(streams, consumers));
  }

  /** The keys for server-side encryption. */
  public KeyRegistry keys() {
    return keys;
  }

  public AccountSettings account() {
    return account;
  }

  public StreamEncryption encryption() {
    return encryption;
  }

  public StreamListing listing() {
    return listing;
  }

  public StreamModes modes() {
    return modes;
  }

  public StreamPolicies policies() {
    return policies;
  }

  public StreamSettings settings() {
    return settings;
  }

  public StreamTags tags() {
    return tags;
  }

  /** Works on somebody's request: policies and keys are asked whether that caller may. */
  public <T> T during(Call call, Supplier<T> work) {
    return access.during(call, work);
  }
}
