package org.openkcl.local.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes members as one encoding wants them; a null is left out. */
final class ReplyWriter {
  private static final int CBOR_EPOCH_TAG = 1;

  private final JsonGenerator out;

  private ReplyWriter(JsonGenerator out) {
    this.out = out;
  }

  static byte[] write(JsonFactory factory, ReplyBody body) {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder()) {
      try (JsonGenerator generator = factory.createGenerator(bytes)) {
        generator.writeStartObject();
        body.writeTo(new ReplyWriter(generator));
        generator.writeEndObject();
      }
      return bytes.toByteArray();
    } catch (IOException impossible) {
      throw new UncheckedIOException("Writing to memory failed", impossible);
    }
  }

  void text(String name, @Nullable String value) throws IOException {
    if (value != null) {
      out.writeStringField(name, value);
    }
  }

  void number(String name, long value) throws IOException {
    out.writeNumberField(name, value);
  }

  void decimal(String name, double value) throws IOException {
    out.writeNumberField(name, value);
  }

  void flag(String name, boolean value) throws IOException {
    out.writeBooleanField(name, value);
  }

  void time(String name, Instant value) throws IOException {
    out.writeFieldName(name);
    long millis = value.toEpochMilli();
    if (out instanceof CBORGenerator cbor) {
      cbor.writeTag(CBOR_EPOCH_TAG);
      cbor.writeNumber(millis);
    } else {
      out.writeNumber(BigDecimal.valueOf(millis, 3));
    }
  }

  void blob(String name, byte[] value) throws IOException {
    out.writeBinaryField(name, value);
  }

  void texts(String name, List<String> values) throws IOException {
    out.writeArrayFieldStart(name);
    for (String value : values) {
      out.writeString(value);
    }
    out.writeEndArray();
  }

  void timeOrNone(String name, @Nullable Instant value) throws IOException {
    if (value != null) {
      time(name, value);
    }
  }

  void object(String name, ReplyBody members) throws IOException {
    out.writeFieldName(name);
    element(members);
  }

  <T> void objects(String name, Collection<T> values, Members<T> members) throws IOException {
    out.writeArrayFieldStart(name);
    for (T value : values) {
      element(writer -> members.write(writer, value));
    }
    out.writeEndArray();
  }

  private void element(ReplyBody members) throws IOException {
    out.writeStartObject();
    members.writeTo(this);
    out.writeEndObject();
  }

  /** Writes the members of one object of a list. */
  @FunctionalInterface
  interface Members<T> {
    void write(ReplyWriter out, T value) throws IOException;
  }
}
