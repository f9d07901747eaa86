package org.openkcl.kinesis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * Takes the records out of an event stream of SubscribeToShard while it passes: of each event that
 * has some, the payload is given away, and the event goes on with an empty object in its place. All
 * other messages, exceptions among them, go on as they are. So do all bytes from the first message on
 * whose length or checksums are wrong: whoever reads the stream then finds the same.
 *
 * <p>A message is its length, the length of its headers, a checksum of both; its headers; its payload;
 * and a checksum of everything before. Lengths and checksums have four bytes.
 *
 * <p>Not thread-safe. The bytes are shared with what was taken in and must not be changed.
 *
 * @see <a href="https://smithy.io/2.0/aws/amazon-eventstream.html">The encoding</a>
 */
final class EventFrames {
  private static final int CHECKSUM_BYTES = Integer.BYTES;
  private static final int LENGTHS_BYTES = 2 * Integer.BYTES;
  private static final int PRELUDE_BYTES = LENGTHS_BYTES + CHECKSUM_BYTES;
  private static final int HEADERS_BYTES_MAX = 128 * 1024;
  private static final int MESSAGE_BYTES_MAX = 24 * 1024 * 1024;
  private static final byte[] EMPTY_OBJECT = {'{', '}'};

  /** The header of an event with records: the length of its name, the name, a string, its length. */
  private static final byte[] EVENT_TYPE =
      ("\013:event-type\007\000\025" + "SubscribeToShardEvent").getBytes(US_ASCII);

  private final Consumer<List<ByteBuffer>> payloads;

  /** Prelude and headers of the message that is being taken in. */
  private byte[] head = new byte[PRELUDE_BYTES];

  private int headBytes;
  private List<ByteBuffer> payload = new ArrayList<>();
  private int payloadLeft;

  /** Of the payload so far and of what is before it. */
  private final CRC32 sum = new CRC32();

  private final byte[] checksum = new byte[CHECKSUM_BYTES];
  private int checksumBytes;
  private boolean broken;

  /**
   * @param payloads takes the payloads of events, in order, before what is left of each is handed on
   */
  EventFrames(Consumer<List<ByteBuffer>> payloads) {
    this.payloads = payloads;
  }

  /**
   * Takes in the next bytes.
   *
   * @return what is to go on instead of them; may be nothing
   */
  List<ByteBuffer> take(ByteBuffer chunk) {
    ByteBuffer rest = chunk.slice();
    List<ByteBuffer> on = new ArrayList<>(1);
    while (rest.hasRemaining() && !broken) {
      if (headBytes < head.length) {
        takeHead(rest, on);
      } else if (payloadLeft > 0) {
        takePayload(rest);
      } else {
        takeChecksum(rest, on);
      }
    }
    if (rest.hasRemaining()) {
      on.add(rest);
    }
    return on;
  }

  private void takeHead(ByteBuffer rest, List<ByteBuffer> on) {
    int some = take(rest, head, headBytes);
    sum.update(head, headBytes, some);
    headBytes += some;
    if (headBytes != PRELUDE_BYTES || head.length != PRELUDE_BYTES) {
      return;
    }
    ByteBuffer prelude = ByteBuffer.wrap(head);
    int length = prelude.getInt();
    int headers = prelude.getInt();
    boolean sound = prelude.getInt() == checksum(head, LENGTHS_BYTES)
        && headers >= 0
        && headers <= HEADERS_BYTES_MAX
        && length >= PRELUDE_BYTES + headers + CHECKSUM_BYTES
        && length <= MESSAGE_BYTES_MAX;
    if (!sound) {
      passOn(on);
      broken = true;
      return;
    }
    payloadLeft = length - PRELUDE_BYTES - headers - CHECKSUM_BYTES;
    head = Arrays.copyOf(head, PRELUDE_BYTES + headers);
  }

  private void takePayload(ByteBuffer rest) {
    int some = Math.min(payloadLeft, rest.remaining());
    ByteBuffer piece = rest.slice(rest.position(), some);
    sum.update(piece.duplicate());
    payload.add(piece);
    rest.position(rest.position() + some);
    payloadLeft -= some;
  }

  private void takeChecksum(ByteBuffer rest, List<ByteBuffer> on) {
    checksumBytes += take(rest, checksum, checksumBytes);
    if (checksumBytes < CHECKSUM_BYTES) {
      return;
    }
    if (ByteBuffer.wrap(checksum).getInt() != (int) sum.getValue()) {
      passOn(on);
      broken = true;
    } else if (hasRecords()) {
      payloads.accept(payload);
      on.add(ByteBuffer.wrap(withoutRecords()));
    } else {
      passOn(on);
    }
    head = new byte[PRELUDE_BYTES];
    headBytes = 0;
    payload = new ArrayList<>();
    sum.reset();
    checksumBytes = 0;
  }

  private static int take(ByteBuffer from, byte[] to, int at) {
    int some = Math.min(to.length - at, from.remaining());
    from.get(to, at, some);
    return some;
  }

  /** Hands on what was taken in of the message, as it came. */
  private void passOn(List<ByteBuffer> on) {
    on.add(ByteBuffer.wrap(head, 0, headBytes));
    on.addAll(payload);
    on.add(ByteBuffer.wrap(Arrays.copyOf(checksum, checksumBytes)));
  }

  private boolean hasRecords() {
    return !payload.isEmpty() && payload.get(0).get(0) == '{' && isEvent();
  }

  private boolean isEvent() {
    for (int at = PRELUDE_BYTES; at + EVENT_TYPE.length <= head.length; at++) {
      if (Arrays.equals(head, at, at + EVENT_TYPE.length, EVENT_TYPE, 0, EVENT_TYPE.length)) {
        return true;
      }
    }
    return false;
  }

  private byte[] withoutRecords() {
    int length = head.length + EMPTY_OBJECT.length + CHECKSUM_BYTES;
    ByteBuffer message = ByteBuffer.allocate(length);
    message.putInt(length).putInt(head.length - PRELUDE_BYTES);
    message.putInt(checksum(message.array(), LENGTHS_BYTES));
    message.put(head, PRELUDE_BYTES, head.length - PRELUDE_BYTES).put(EMPTY_OBJECT);
    return message.putInt(checksum(message.array(), length - CHECKSUM_BYTES)).array();
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
