package org.openkcl.local.model;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/** From partition keys and explicit hash keys to the 128-bit hash key that picks the shard. */
final class HashKeys {
  private static final Pattern DECIMAL = Pattern.compile("0|([1-9]\\d{0,38})");

  private final MessageDigest md5;

  HashKeys() {
    try {
      md5 = MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every Java platform has MD5", impossible);
    }
  }

  BigInteger of(PutEntry entry) {
    String explicit = entry.explicitHashKey();
    return explicit == null
        ? new BigInteger(1, md5.digest(entry.partitionKey().getBytes(StandardCharsets.UTF_8)))
        : explicit(explicit);
  }

  /** Checks the form of an explicit hash key and reads it. */
  static BigInteger explicit(String decimal) {
    if (!DECIMAL.matcher(decimal).matches()) {
      throw StreamException.validation(
          decimal, "explicitHashKey", "satisfy regular expression pattern: " + DECIMAL.pattern());
    }
    BigInteger hashKey = new BigInteger(decimal);
    if (hashKey.compareTo(HashKeyRange.KEYS) >= 0) {
      throw StreamException.invalidArgument(
          "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]."
              + " Specified value was "
              + decimal);
    }
    return hashKey;
  }
}
