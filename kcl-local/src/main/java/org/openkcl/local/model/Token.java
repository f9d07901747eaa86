package org.openkcl.local.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * What an opaque string of ours says: a place in one incarnation of a stream. Serves as shard
 * iterator and as the next token of listings, so that neither takes memory here.
 *
 * @param kind what the string is for
 * @param createdMillis the stream's creation time
 * @param incarnation the stream's, so that a stream created again refuses it
 * @param shardIndex the shard to read, or the last shard listed
 * @param position the first tick to read; for a listing the filter's timestamp
 * @param issuedMillis when it was given out
 * @param streamName the stream
 * @param detail for a listing of shards the filter's type, for one of consumers the last one's name,
 *     else empty
 */
record Token(
    Kind kind,
    long createdMillis,
    long incarnation,
    int shardIndex,
    long position,
    long issuedMillis,
    String streamName,
    String detail) {
  enum Kind {
    ITERATOR('I'),
    STREAMS('S'),
    LISTING('L'),
    CONSUMERS('C');

    private final char letter;

    Kind(char letter) {
      this.letter = letter;
    }
  }

  private static final int FIXED_BYTES = Character.BYTES + 4 * Long.BYTES + Integer.BYTES;

  /** Between name and detail; no stream name has it. */
  private static final char SEPARATOR = '/';

  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  static Token consumersAfter(Stream stream, String consumerName, long now) {
    return new Token(
        Kind.CONSUMERS,
        stream.createdMillis,
        stream.incarnation,
        0,
        0,
        now,
        stream.name,
        consumerName);
  }

  String text() {
    byte[] tail = (streamName + SEPARATOR + detail).getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(FIXED_BYTES + tail.length + Integer.BYTES);
    bytes.putChar(kind.letter).putLong(createdMillis).putLong(incarnation).putInt(shardIndex);
    bytes.putLong(position).putLong(issuedMillis).put(tail);
    bytes.putInt(checksum(bytes.array(), bytes.position()));
    return ENCODER.encodeToString(bytes.array());
  }

  /** The token, unless the text is damaged or for something else. */
  static @Nullable Token parse(Kind kind, String text) {
    byte[] raw;
    try {
      raw = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException notOurs) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.wrap(raw);
    int bodyBytes = raw.length - Integer.BYTES;
    if (bodyBytes < FIXED_BYTES
        || bytes.getInt(bodyBytes) != checksum(raw, bodyBytes)
        || bytes.getChar() != kind.letter) {
      return null;
    }
    String tail = new String(raw, FIXED_BYTES, bodyBytes - FIXED_BYTES, StandardCharsets.UTF_8);
    int separator = tail.indexOf(SEPARATOR);
    return new Token(
        kind,
        bytes.getLong(),
        bytes.getLong(),
        bytes.getInt(),
        bytes.getLong(),
        bytes.getLong(),
        tail.substring(0, separator),
        tail.substring(separator + 1));
  }

  boolean isExpired(long now) {
    return now - issuedMillis > LocalStreams.TOKEN_LIFE.toMillis();
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
