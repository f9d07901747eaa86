package org.openkcl.local.model;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the account, as far as Kinesis has to do with KMS: which there are, whether they can be
 * used, and who may not. Nothing is really encrypted.
 *
 * <p>A key is named by its id, its ARN, an alias such as {@code alias/orders}, or an alias's ARN.
 * {@value #SERVICE_ALIAS} is there from the start and cannot be changed. Every principal, that is
 * every access key id, may use every key until it is denied. Changes take effect at once; on AWS they
 * can take minutes, because data keys are cached.
 */
public final class KeyRegistry implements Serializable {
  /** The key that the service keeps for streams. */
  public static final String SERVICE_ALIAS = "alias/aws/kinesis";

  private static final String ARN_PREFIX =
      "arn:aws:kms:" + StreamNames.REGION + ":" + StreamNames.ACCOUNT + ":";

  private final Map<String, EncryptionKey> keysByArn = new HashMap<>();
  private final Map<String, String> arnsByAlias = new HashMap<>();
  private int lastKey;
  private int callsToThrottle;
  private boolean subscribed = true;

  KeyRegistry() {
    add(SERVICE_ALIAS, true);
  }

  /**
   * Creates a key.
   *
   * @param alias begins with {@code alias/}
   * @return its ARN
   */
  public String create(String alias) {
    if (!alias.matches("alias/[a-zA-Z0-9/_-]+") || alias.startsWith("alias/aws/")) {
      throw new IllegalArgumentException(
          "An alias must be alias/ and letters, digits, /, _ or -, and not begin with alias/aws/:"
              + " got "
              + alias);
    }
    if (arnsByAlias.containsKey(alias)) {
      throw new IllegalArgumentException("There is a key with the alias " + alias + " already");
    }
    return add(alias, false);
  }

  /** Makes a key usable again, whatever state it is in. */
  public void enable(String key) {
    changeable(key).state = KeyState.ENABLED;
  }

  /** From now on: {@code KMSDisabledException}. */
  public void disable(String key) {
    changeable(key).state = KeyState.DISABLED;
  }

  /** From now on: {@code KMSInvalidStateException}. */
  public void scheduleDeletion(String key) {
    changeable(key).state = KeyState.PENDING_DELETION;
  }

  /** From now on: {@code KMSNotFoundException}. There is no way back. */
  public void delete(String key) {
    EncryptionKey deleted = changeable(key);
    keysByArn.remove(deleted.arn);
    arnsByAlias.values().removeIf(deleted.arn::equals);
  }

  /** From now on: {@code KMSAccessDeniedException} for everybody. */
  public void deny(String key, KeyUse use) {
    deny(key, use, EncryptionKey.EVERYBODY);
  }

  /**
   * From now on: {@code KMSAccessDeniedException} for one principal.
   *
   * @param principal an access key id
   */
  public void deny(String key, KeyUse use, String principal) {
    changeable(key).deny(use, principal);
  }

  /** Takes all denials of this use back. */
  public void allow(String key, KeyUse use) {
    allow(key, use, EncryptionKey.EVERYBODY);
  }

  /** Takes one principal's denial back; a denial for everybody stays. */
  public void allow(String key, KeyUse use, String principal) {
    changeable(key).allow(use, principal);
  }

  /** The next so many uses of any key: {@code KMSThrottlingException}. */
  public void throttleNext(int uses) {
    callsToThrottle = uses;
  }

  /** Whether the account has KMS at all. If not: {@code KMSOptInRequired} for every use. */
  public void subscribed(boolean isSubscribed) {
    subscribed = isSubscribed;
  }

  /**
   * The ARN of a key that the caller may use.
   *
   * @throws StreamException one of the six KMS errors of the API reference
   */
  String usable(String name, KeyUse use, Call call, String denial) {
    if (!subscribed) {
      throw new StreamException(
          "KMSOptInRequired", "The AWS access key ID needs a subscription for the service");
    }
    if (callsToThrottle > 0) {
      callsToThrottle--;
      throw new StreamException(
          "KMSThrottlingException", "The request was denied due to request throttling by KMS");
    }
    EncryptionKey key = find(name);
    if (key == null) {
      throw new StreamException("KMSNotFoundException", notFound(name));
    }
    if (key.state == KeyState.DISABLED) {
      throw new StreamException("KMSDisabledException", key.arn + " is disabled.");
    }
    if (key.state == KeyState.PENDING_DELETION) {
      throw new StreamException("KMSInvalidStateException", key.arn + " is pending deletion.");
    }
    if (!call.isDirect() && key.denies(use, call.principal())) {
      throw new StreamException("KMSAccessDeniedException", denial.replace("{key}", key.arn));
    }
    return key.arn;
  }

  /** Whether both name the same key, or no key is found by either and the names are the same. */
  boolean isSame(String name, String otherName) {
    EncryptionKey key = find(name);
    EncryptionKey other = find(otherName);
    return name.equals(otherName) || (key != null && key == other);
  }

  private String add(String alias, boolean managedByService) {
    String arn =
        String.format(Locale.ROOT, "%skey/00000000-0000-0000-0000-%012d", ARN_PREFIX, ++lastKey);
    keysByArn.put(arn, new EncryptionKey(arn, managedByService));
    arnsByAlias.put(alias, arn);
    return arn;
  }

  private EncryptionKey changeable(String name) {
    EncryptionKey key = find(name);
    if (key == null) {
      throw new IllegalArgumentException(notFound(name));
    }
    if (key.managedByService) {
      throw new IllegalArgumentException(
          SERVICE_ALIAS + " belongs to the service and cannot be changed. Create a key instead");
    }
    return key;
  }

  private @Nullable EncryptionKey find(String name) {
    String local = name.startsWith(ARN_PREFIX) ? name.substring(ARN_PREFIX.length()) : name;
    String arn = arnsByAlias.get(local);
    if (arn == null) {
      arn = ARN_PREFIX + (local.startsWith("key/") ? local : "key/" + local);
    }
    return keysByArn.get(arn);
  }

  private static String notFound(String name) {
    return name.contains("alias/")
        ? "Alias " + (name.startsWith("arn:") ? name : ARN_PREFIX + name) + " is not found."
        : "Key '" + (name.startsWith("arn:") ? name : ARN_PREFIX + "key/" + name)
            + "' does not exist";
  }
}
