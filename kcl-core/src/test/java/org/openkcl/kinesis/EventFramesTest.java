package org.openkcl.kinesis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;
import software.amazon.eventstream.MessageDecoder;

/** Event streams by the SDK's own encoder, in pieces of every size, and what its decoder makes of them. */
class EventFramesTest {
  private static final String RECORDS = "SubscribeToShardEvent";
  private static final byte[] EMPTY = {'{', '}'};
  private static final Message OPENING = event("initial-response", new byte[0]);
  private static final Message FIRST = event(RECORDS, json("first"));
  private static final Message LARGE = event(RECORDS, json("x".repeat(50_000)));
  private static final Message OTHER = event("Tomorrow", json("other"));
  private static final Message CBOR = event(RECORDS, new byte[] {(byte) 0xA0});
  private static final Message NOTHING = event(RECORDS, new byte[0]);
  private static final Message EXCEPTION = new Message(
      Map.of(
          ":message-type", HeaderValue.fromString("exception"),
          ":exception-type", HeaderValue.fromString("ResourceInUseException")),
      json("taken"));
  private static final Message BARE = new Message(Map.of(), new byte[0]);
  private static final List<Message> ALL =
      List.of(OPENING, FIRST, LARGE, OTHER, CBOR, NOTHING, BARE, FIRST, EXCEPTION);

  private final List<byte[]> given = new ArrayList<>();
  private final EventFrames frames = new EventFrames(payload -> given.add(joined(payload)));

  @Test
  void recordsAreGivenAwayAndAllElseGoesOn() {
    byte[] stream = encoded(ALL);
    for (int size : new int[] {1, 3, 12, 100, 16_384, stream.length}) {
      List<byte[]> payloads = new ArrayList<>();
      EventFrames each = new EventFrames(payload -> payloads.add(joined(payload)));
      List<Message> on = decoded(taken(each, stream, size));
      assertThat(payloads)
          .as("in pieces of %d", size)
          .containsExactly(FIRST.getPayload(), LARGE.getPayload(), FIRST.getPayload());
      assertThat(on)
          .containsExactly(
              OPENING,
              event(RECORDS, EMPTY),
              event(RECORDS, EMPTY),
              OTHER,
              CBOR,
              NOTHING,
              BARE,
              event(RECORDS, EMPTY),
              EXCEPTION);
    }
  }

  @Test
  void aPayloadIsGivenAwayBeforeItsEventGoesOn() {
    byte[] event = encoded(List.of(FIRST));
    byte[] allButOne = Arrays.copyOf(event, event.length - 1);
    assertThat(frames.take(ByteBuffer.wrap(allButOne))).isEmpty();
    assertThat(given).isEmpty();
    assertThat(frames.take(ByteBuffer.wrap(event, event.length - 1, 1))).hasSize(1);
    assertThat(given).hasSize(1);
  }

  @Test
  void whatIsTakenInIsNotChanged() {
    ByteBuffer chunk = ByteBuffer.wrap(encoded(ALL)).asReadOnlyBuffer();
    frames.take(chunk);
    assertThat(chunk.position()).isZero();
    assertThat(given).hasSize(3);
  }

  /** The SDK's decoder is to find what it would have found, and no record may come of it. */
  @Test
  void fromABrokenMessageOnAllGoesOnAsItCame() {
    byte[] before = encoded(List.of(FIRST));
    byte[] broken = encoded(List.of(event(RECORDS, json("broken")), LARGE));
    int lengthOfFirst = ByteBuffer.wrap(broken).getInt();
    Random random = new Random(5);
    for (int at = 0; at < lengthOfFirst; at++) {
      byte[] changed = broken.clone();
      changed[at] ^= (byte) (1 << random.nextInt(8));
      List<byte[]> payloads = new ArrayList<>();
      EventFrames each = new EventFrames(payload -> payloads.add(joined(payload)));
      ByteArrayOutputStream on = new ByteArrayOutputStream();
      on.writeBytes(taken(each, before, 16));
      int beforeBytes = on.size();
      on.writeBytes(taken(each, changed, 1 + random.nextInt(200)));
      assertThat(payloads).as("byte %d changed", at).hasSize(1);
      byte[] rest = Arrays.copyOfRange(on.toByteArray(), beforeBytes, on.size());
      assertThat(rest).as("byte %d changed", at).isEqualTo(changed);
    }
  }

  @Test
  void lengthsThatCannotBeAreNotWaitedFor() {
    for (int[] lengths : new int[][] {{16, -1}, {15, 0}, {-1, 0}, {100, 85}, {1 << 30, 0}}) {
      EventFrames fresh = new EventFrames(payload -> given.add(joined(payload)));
      ByteBuffer prelude = ByteBuffer.allocate(12).putInt(lengths[0]).putInt(lengths[1]);
      CRC32 crc = new CRC32();
      crc.update(prelude.array(), 0, 8);
      byte[] stream = Arrays.copyOf(prelude.putInt((int) crc.getValue()).array(), 40);
      assertThat(taken(fresh, stream, 5)).isEqualTo(stream);
    }
    assertThat(given).isEmpty();
  }

  private static Message event(String type, byte[] payload) {
    return new Message(
        Map.of(
            ":message-type", HeaderValue.fromString("event"),
            ":event-type", HeaderValue.fromString(type),
            ":content-type", HeaderValue.fromString("application/json"),
            "number", HeaderValue.fromInteger(7)),
        payload);
  }

  private static byte[] json(String text) {
    return ("{\"text\":\"" + text + "\"}").getBytes(UTF_8);
  }

  private static byte[] encoded(List<Message> messages) {
    return joined(messages.stream().map(Message::toByteBuffer).toList());
  }

  private static byte[] taken(EventFrames frames, byte[] stream, int size) {
    List<ByteBuffer> on = new ArrayList<>();
    for (int at = 0; at < stream.length; at += size) {
      on.addAll(frames.take(ByteBuffer.wrap(stream, at, Math.min(size, stream.length - at))));
    }
    return joined(on);
  }

  private static List<Message> decoded(byte[] stream) {
    List<Message> messages = new ArrayList<>();
    new MessageDecoder(messages::add).feed(stream);
    return messages;
  }

  private static byte[] joined(List<ByteBuffer> pieces) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (ByteBuffer piece : pieces) {
      byte[] bytes = new byte[piece.remaining()];
      piece.duplicate().get(bytes);
      joined.writeBytes(bytes);
    }
    return joined.toByteArray();
  }
}
