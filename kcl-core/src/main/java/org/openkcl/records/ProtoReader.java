package org.openkcl.records;

import java.nio.ByteBuffer;

/**
 * Reads the fields of a protocol buffers message one after the other. Bytes come out as views of the
 * message, not as copies.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Encoding</a>
 */
final class ProtoReader {
  /** Fields have numbers from 1: this one says that there are no more. */
  static final int END = 0;

  private static final int MAX_VARINT_BYTES = 10;
  private static final int MAX_GROUP_DEPTH = 100;
  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int BYTES = 2;
  private static final int GROUP = 3;
  private static final int GROUP_END = 4;
  private static final int FIXED_32 = 5;

  private final ByteBuffer rest;
  private int wireType;

  /**
   * @param message from its position to its limit, which stay as they are
   */
  ProtoReader(ByteBuffer message) {
    this.rest = message.slice();
  }

  /** The next field's number, whose value must then be read or skipped; {@link #END} at the end. */
  int next() throws CorruptMessageException {
    if (!rest.hasRemaining()) {
      return END;
    }
    int tag = (int) readVarint();
    wireType = tag & 7;
    int field = tag >>> 3;
    if (field == END || wireType == GROUP_END) {
      throw new CorruptMessageException("a field has tag " + tag);
    }
    return field;
  }

  /** Whether the field's value is a whole number. */
  boolean isVarint() {
    return wireType == VARINT;
  }

  /** Whether the field's value is bytes: a string, a nested message, or just bytes. */
  boolean isBytes() {
    return wireType == BYTES;
  }

  /** A whole number, as the 64 bits it has. */
  long readVarint() throws CorruptMessageException {
    long value = 0;
    for (int i = 0; i < MAX_VARINT_BYTES; i++) {
      byte next = need(1).get();
      value |= (next & 0x7fL) << (7 * i);
      if (next >= 0) {
        return value;
      }
    }
    throw new CorruptMessageException("a number has more than ten bytes");
  }

  /** A view of the field's bytes. */
  ByteBuffer readBytes() throws CorruptMessageException {
    int length = (int) readVarint();
    ByteBuffer value = need(length).slice(rest.position(), length);
    rest.position(rest.position() + length);
    return value;
  }

  /** Passes the field's value over. */
  void skip() throws CorruptMessageException {
    skip(0);
  }

  private void skip(int depth) throws CorruptMessageException {
    switch (wireType) {
      case VARINT -> readVarint();
      case FIXED_64 -> pass(8);
      case BYTES -> readBytes();
      case GROUP -> skipGroup(depth + 1);
      case FIXED_32 -> pass(4);
      default -> throw new CorruptMessageException("a field has wire type " + wireType);
    }
  }

  private void skipGroup(int depth) throws CorruptMessageException {
    if (depth > MAX_GROUP_DEPTH) {
      throw new CorruptMessageException("groups are nested more than a hundred deep");
    }
    while (true) {
      int tag = (int) readVarint();
      wireType = tag & 7;
      if (wireType == GROUP_END) {
        return;
      }
      skip(depth);
    }
  }

  private void pass(int bytes) throws CorruptMessageException {
    need(bytes).position(rest.position() + bytes);
  }

  private ByteBuffer need(int bytes) throws CorruptMessageException {
    if (bytes < 0 || bytes > rest.remaining()) {
      throw new CorruptMessageException("a field ends behind the message");
    }
    return rest;
  }
}
