package org.openkcl.kinesis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Finds the texts that are expected among bytes, without making them. Immutable. */
final class KnownNames {
  private final String[] names;
  private final byte[][] bytes;

  /**
   * @param names in ASCII
   */
  KnownNames(String... names) {
    this.names = names.clone();
    this.bytes = new byte[names.length][];
    for (int i = 0; i < names.length; i++) {
      bytes[i] = names[i].getBytes(US_ASCII);
    }
  }

  /** The name that these bytes are; null if they are none. */
  @Nullable
  String find(byte[] text, int from, int length) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i].length == length && isAt(bytes[i], text, from)) {
        return names[i];
      }
    }
    return null;
  }

  private static boolean isAt(byte[] name, byte[] text, int from) {
    return Arrays.equals(name, 0, name.length, text, from, from + name.length);
  }
}
