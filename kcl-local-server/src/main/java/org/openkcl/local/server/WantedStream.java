package org.openkcl.local.server;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A stream to have from the start.
 *
 * @param shards how many shards to create it with; at least 1
 */
record WantedStream(String name, int shards) {
  /** From {@code NAME} or {@code NAME:SHARDS}. */
  static final class Converter implements ITypeConverter<WantedStream> {
    @Override
    public WantedStream convert(String text) {
      int colon = text.indexOf(':');
      if (colon < 0) {
        return new WantedStream(text, 1);
      }
      String shards = text.substring(colon + 1);
      if (!shards.matches("[1-9]\\d{0,4}") || colon == 0) {
        throw new TypeConversionException(
            "a stream is NAME or NAME:SHARDS, such as orders:4: got " + text);
      }
      return new WantedStream(text.substring(0, colon), Integer.parseInt(shards));
    }
  }
}
