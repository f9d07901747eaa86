package org.openkcl.local.model;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Server-side encryption (API reference: StartStreamEncryption, StopStreamEncryption). A record keeps
 * the key it was written with, so whoever reads needs that one, also after encryption was stopped.
 */
public final class StreamEncryption implements Serializable {
  private static final int CHANGES_A_DAY_MAX = 25;
  private static final String TYPE = "KMS";

  private final PresentStreams streams;
  private final KeyRegistry keys;
  private final Access access;

  StreamEncryption(PresentStreams streams, KeyRegistry keys, Access access) {
    this.streams = streams;
    this.keys = keys;
    this.access = access;
  }

  /**
   * Encrypts what is written once the stream is {@code ACTIVE} again.
   *
   * @param type must be {@code KMS}
   * @param keyId id, ARN or alias of a key
   */
  public void start(String streamName, String type, String keyId) {
    Stream stream = streams.changeable(streamName);
    check(type, keyId);
    usable(keyId);
    RollingCount starts = stream.control.encryptionStarts;
    requireWithinDailyLimit(stream, starts, "StartStreamEncryption");
    starts.add(streams.nowMillis());
    set(stream, keyId);
  }

  /**
   * Leaves what is written once the stream is {@code ACTIVE} again in the clear.
   *
   * @param keyId any name of the current key
   */
  public void stop(String streamName, String type, String keyId) {
    Stream stream = streams.changeable(streamName);
    check(type, keyId);
    String current = stream.control.encryptionKeyId;
    if (current != null && !keys.isSame(current, keyId)) {
      throw StreamException.invalidArgument(StreamNames.inAccount(stream.name)
          + " is not encrypted with the key "
          + keyId
          + " but with "
          + current);
    }
    RollingCount stops = stream.control.encryptionStops;
    requireWithinDailyLimit(stream, stops, "StopStreamEncryption");
    stops.add(streams.nowMillis());
    set(stream, null);
  }

  private void set(Stream stream, @Nullable String keyId) {
    Duration delay = streams.delays().setting();
    streams.change(stream, delay, at -> stream.control.encryptionKeyId = keyId);
  }

  /** {@code KMS} or {@code NONE}: what happens to records that are written now. */
  public String type(String streamName) {
    return streams.stream(streamName).control.encryptionKeyId == null ? "NONE" : TYPE;
  }

  /** The ARN of the key for a new record; null when the stream is not encrypted. */
  @Nullable
  String keyForWriting(Stream stream) {
    String keyId = stream.control.encryptionKeyId;
    return keyId == null ? null : usable(keyId);
  }

  /** Throws one of the KMS errors unless the caller may use the keys of all these records. */
  void checkReadable(Stream stream, List<StreamRecord> records) {
    String checked = null;
    for (StreamRecord record : records) {
      String keyArn = record.keyArn();
      if (keyArn != null && !keyArn.equals(checked)) {
        String denial = "User "
            + access.current().user()
            + " is not authorized to decrypt records in stream "
            + StreamNames.ACCOUNT
            + ":"
            + stream.name;
        checked = keys.usable(keyArn, KeyUse.DECRYPT, access.current(), denial);
      }
    }
  }

  private String usable(String keyId) {
    String denial = "User: "
        + access.current().user()
        + " is not authorized to perform: "
        + KeyUse.ENCRYPT.permission()
        + " on resource: {key}";
    return keys.usable(keyId, KeyUse.ENCRYPT, access.current(), denial);
  }

  private void requireWithinDailyLimit(Stream stream, RollingCount count, String operation) {
    if (streams.limitsRates() && count.hasReached(CHANGES_A_DAY_MAX, streams.nowMillis())) {
      throw StreamException.limitExceeded(operation
          + " can be applied "
          + CHANGES_A_DAY_MAX
          + " times within 24 hours: limit reached for "
          + StreamNames.inAccount(stream.name));
    }
  }

  private static void check(String type, String keyId) {
    if (!type.equals(TYPE)) {
      if (type.equals("NONE")) {
        throw StreamException.invalidArgument("EncryptionType must be KMS: got NONE");
      }
      throw StreamException.validation(
          type, "encryptionType", "satisfy enum value set: [NONE, KMS]");
    }
    if (keyId.isEmpty() || keyId.length() > 2_048) {
      throw StreamException.validation(keyId, "keyId", "have length between 1 and 2048");
    }
  }
}
