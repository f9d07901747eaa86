package org.openkcl.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.openkcl.leases.HashKeyRange;

/** The hash keys of records, and the checksum that aggregates end with: both are MD5. */
final class HashKeys {
  private HashKeys() {}

  /** The hash key that Kinesis gives a record without an explicit one. */
  static BigInteger ofPartitionKey(String partitionKey) {
    return new BigInteger(1, md5(UTF_8.encode(partitionKey)));
  }

  /** Whether a shard takes a hash key. */
  static boolean isIn(HashKeyRange range, BigInteger hashKey) {
    return hashKey.compareTo(range.starting()) >= 0 && hashKey.compareTo(range.ending()) <= 0;
  }

  /** The 16 bytes for what lies between the buffer's position and limit. */
  static byte[] md5(ByteBuffer bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      digest.update(bytes.duplicate());
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has MD5", e);
    }
  }
}
