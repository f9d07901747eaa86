package org.openkcl.local;

import java.util.function.Consumer;
import org.openkcl.local.http.GuardedStreams;
import org.openkcl.local.model.KeyRegistry;
import org.openkcl.local.model.KeyUse;

/**
 * The keys of a cloud's account, as far as Kinesis has to do with KMS. {@link KeyRegistry} says what
 * each call does; changes take effect at once. Thread-safe.
 *
 * <pre>{@code
 * cloud.keys().create("alias/orders");
 * cloud.kinesis().startStreamEncryption(b -> b.streamName("orders")
 *     .encryptionType(EncryptionType.KMS).keyId("alias/orders")).join();
 * cloud.keys().deny("alias/orders", KeyUse.DECRYPT); // readers get KMSAccessDeniedException
 * }</pre>
 */
public final class LocalKeys {
  private final GuardedStreams streams;

  LocalKeys(GuardedStreams streams) {
    this.streams = streams;
  }

  /** Creates a key and returns its ARN; the alias begins with {@code alias/}. */
  public String create(String alias) {
    return streams.ask(model -> model.control().keys().create(alias));
  }

  /** Makes a key usable again, whatever state it is in. */
  public void enable(String key) {
    tell(keys -> keys.enable(key));
  }

  /** From now on: {@code KMSDisabledException}. */
  public void disable(String key) {
    tell(keys -> keys.disable(key));
  }

  /** From now on: {@code KMSInvalidStateException}. */
  public void scheduleDeletion(String key) {
    tell(keys -> keys.scheduleDeletion(key));
  }

  /** From now on: {@code KMSNotFoundException}. There is no way back. */
  public void delete(String key) {
    tell(keys -> keys.delete(key));
  }

  /** From now on: {@code KMSAccessDeniedException} for everybody. */
  public void deny(String key, KeyUse use) {
    tell(keys -> keys.deny(key, use));
  }

  /** From now on: {@code KMSAccessDeniedException} for requests signed with this access key id. */
  public void deny(String key, KeyUse use, String accessKeyId) {
    tell(keys -> keys.deny(key, use, accessKeyId));
  }

  /** Takes all denials of this use back. */
  public void allow(String key, KeyUse use) {
    tell(keys -> keys.allow(key, use));
  }

  /** Takes the denial for one access key id back; a denial for everybody stays. */
  public void allow(String key, KeyUse use, String accessKeyId) {
    tell(keys -> keys.allow(key, use, accessKeyId));
  }

  /** The next so many uses of any key: {@code KMSThrottlingException}. */
  public void throttleNext(int uses) {
    tell(keys -> keys.throttleNext(uses));
  }

  /** Whether the account has KMS at all. If not: {@code KMSOptInRequired} for every use. */
  public void subscribed(boolean isSubscribed) {
    tell(keys -> keys.subscribed(isSubscribed));
  }

  private void tell(Consumer<KeyRegistry> change) {
    streams.tell(model -> change.accept(model.control().keys()));
  }
}
