package org.openkcl.samples.producer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A record that the application wants to be put, until it is.
 *
 * @param hashKey which shard it belongs to
 * @param givenNanos when it was given, on the monotonic clock
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record UserRecord(
    byte[] partitionKey,
    @Nullable String explicitHashKey,
    byte[] data,
    BigInteger hashKey,
    long givenNanos,
    CompletableFuture<Placement> placed) {

  static UserRecord of(
      String partitionKey, @Nullable String explicitHashKey, byte[] data, long givenNanos) {
    byte[] key = partitionKey.getBytes(UTF_8);
    BigInteger hashKey =
        explicitHashKey == null ? new BigInteger(1, md5(key)) : new BigInteger(explicitHashKey);
    return new UserRecord(
        key, explicitHashKey, data.clone(), hashKey, givenNanos, new CompletableFuture<>());
  }

  int bytes() {
    return partitionKey.length + data.length;
  }

  String partitionKeyText() {
    return new String(partitionKey, UTF_8);
  }

  static byte[] md5(byte[] bytes) {
    try {
      return MessageDigest.getInstance("MD5").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has MD5", e);
    }
  }
}
