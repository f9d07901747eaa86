package org.openkcl.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.RecordDecoder;
import org.openkcl.records.Decoding.Decoded;
import org.openkcl.retrieval.TestRecords;

class DecodingTest {
  private final List<KinesisClientRecord> records = TestRecords.of("1", "2", "3");

  @Test
  void theProcessorIsGivenWhatTheDecoderMade() {
    Decoded decoded = decode(record -> record.toBuilder()
        .data(ByteBuffer.wrap(("decoded " + record.sequenceNumber()).getBytes(UTF_8)))
        .schema("order v2")
        .build());
    assertThat(decoded.records())
        .extracting(record -> UTF_8.decode(record.data()) + ", " + record.schema())
        .containsExactly("decoded 1, order v2", "decoded 2, order v2", "decoded 3, order v2");
    assertThat(decoded.failed()).isZero();
    assertThat(decoded.failure()).isNull();
  }

  @Test
  void aRecordThatCannotBeDecodedIsDeliveredAsItIs() {
    Decoded decoded = decode(DecodingTest::failOnTwo);
    assertThat(decoded.records()).isEqualTo(records);
    assertThat(decoded.failed()).isEqualTo(1);
    assertThat(decoded.failure()).hasMessage("no schema");
    assertThat(decoded.again()).isFalse();
  }

  @Test
  void orDroppedIfTheDecoderSaysSo() {
    Decoded decoded = decode(failingWith(RecordDecoder.Failure.DROP));
    assertThat(TestRecords.sequenceNumbers(decoded.records())).containsExactly("1", "3");
    assertThat(decoded.failed()).isEqualTo(1);
  }

  @Test
  void orTheWholeBatchIsDecodedAgain() {
    Decoded decoded = decode(failingWith(RecordDecoder.Failure.RETRY));
    assertThat(decoded.again()).isTrue();
    assertThat(decoded.records()).isEmpty();
  }

  @Test
  void aRecordThatChangesItsPlaceIsAFailure() {
    Decoded decoded = decode(record -> record.toBuilder().sequenceNumber("7").build());
    assertThat(decoded.records()).isEqualTo(records);
    assertThat(decoded.failed()).isEqualTo(3);
    assertThat(decoded.failure()).hasMessageContaining("toBuilder()");
  }

  @Test
  void errorsOfTheDecoderAreFailuresAsWell() {
    Decoded decoded = decode(record -> {
      throw new NoClassDefFoundError("com/example/Schema");
    });
    assertThat(decoded.records()).isEqualTo(records);
    assertThat(decoded.failure()).isInstanceOf(NoClassDefFoundError.class);
  }

  @Test
  void aDecoderThatDoesNotKnowWhatItWantsLosesNothing() {
    Decoded decoded = decode(new RecordDecoder() {
      @Override
      public KinesisClientRecord decode(KinesisClientRecord record) throws IOException {
        return failOnTwo(record);
      }

      @Override
      public Failure whenFailed(KinesisClientRecord record, Throwable failure) {
        throw new IllegalStateException("confused");
      }
    });
    assertThat(decoded.records()).isEqualTo(records);
  }

  private Decoded decode(RecordDecoder decoder) {
    return new Decoding(decoder).decode(records);
  }

  private static KinesisClientRecord failOnTwo(KinesisClientRecord record) throws IOException {
    if (record.sequenceNumber().equals("2")) {
      throw new IOException("no schema");
    }
    return record;
  }

  private static RecordDecoder failingWith(RecordDecoder.Failure failure) {
    return new RecordDecoder() {
      @Override
      public KinesisClientRecord decode(KinesisClientRecord record) throws IOException {
        return failOnTwo(record);
      }

      @Override
      public Failure whenFailed(KinesisClientRecord record, Throwable thrown) {
        return failure;
      }
    };
  }
}
