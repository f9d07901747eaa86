package org.openkcl.local.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.model.JournaledRecord;

/** The two kinds of entries of the log as frames. */
final class Entries {
  static final int IMAGE = 1;
  static final int RECORD = 2;

  private Entries() {}

  static void putImage(FrameBuffer out, byte[] image) {
    out.begin();
    out.putByte(IMAGE);
    out.putBytes(image);
    out.end();
  }

  static void putRecord(FrameBuffer out, JournaledRecord record) {
    out.begin();
    out.putByte(RECORD);
    out.putText(record.streamName());
    out.putLong(record.incarnation());
    out.putInt(record.shardIndex());
    out.putLong(record.tick());
    out.putLong(record.arrivalMillis());
    out.putText(record.partitionKey());
    out.putTextOrNull(record.keyArn());
    out.putBytes(record.data());
    out.end();
  }

  static boolean isImage(ByteBuffer body) {
    return body.get(body.position()) == IMAGE;
  }

  static byte[] image(ByteBuffer body) {
    body.get();
    return bytes(body);
  }

  static JournaledRecord record(ByteBuffer body) {
    body.get();
    String streamName = text(body);
    long incarnation = body.getLong();
    int shardIndex = body.getInt();
    long tick = body.getLong();
    long arrivalMillis = body.getLong();
    String partitionKey = text(body);
    String keyArn = textOrNull(body);
    return new JournaledRecord(
        streamName,
        incarnation,
        shardIndex,
        tick,
        arrivalMillis,
        partitionKey,
        bytes(body),
        keyArn);
  }

  private static String text(ByteBuffer body) {
    return new String(bytes(body), UTF_8);
  }

  private static @Nullable String textOrNull(ByteBuffer body) {
    return body.get() == 0 ? null : text(body);
  }

  private static byte[] bytes(ByteBuffer body) {
    byte[] bytes = new byte[body.getInt()];
    body.get(bytes);
    return bytes;
  }
}
