package org.openkcl.local.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A CloudWatch reply, made of maps, lists, strings, numbers and instants, in each of the encodings.
 */
final class MetricTree {
  private static final JsonFactory JSON = new JsonFactory();
  private static final JsonFactory CBOR = new CBORFactory();
  private static final int CBOR_EPOCH_TAG = 1;
  private static final String NAMESPACE = "http://monitoring.amazonaws.com/doc/2010-08-01/";

  private MetricTree() {}

  static byte[] json(Map<String, Object> members) {
    return generated(JSON, members);
  }

  static byte[] cbor(Map<String, Object> members) {
    return generated(CBOR, members);
  }

  static byte[] xml(String operation, Map<String, Object> members, String requestId) {
    StringBuilder out = new StringBuilder();
    out.append('<')
        .append(operation)
        .append("Response xmlns=\"")
        .append(NAMESPACE)
        .append("\">");
    if (!members.isEmpty()) {
      element(out, operation + "Result", members);
    }
    element(out, "ResponseMetadata", Map.of("RequestId", requestId));
    return out.append("</").append(operation).append("Response>").toString().getBytes(UTF_8);
  }

  static byte[] xmlError(String code, String message, String requestId) {
    StringBuilder out =
        new StringBuilder("<ErrorResponse xmlns=\"").append(NAMESPACE).append("\">");
    element(out, "Error", Map.of("Type", "Sender", "Code", code, "Message", message));
    element(out, "RequestId", requestId);
    return out.append("</ErrorResponse>").toString().getBytes(UTF_8);
  }

  private static byte[] generated(JsonFactory factory, Map<String, Object> members) {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder()) {
      try (JsonGenerator out = factory.createGenerator(bytes)) {
        write(out, members);
      }
      return bytes.toByteArray();
    } catch (IOException impossible) {
      throw new UncheckedIOException("Writing to memory failed", impossible);
    }
  }

  private static void write(JsonGenerator out, Object value) throws IOException {
    if (value instanceof Map<?, ?> object) {
      out.writeStartObject();
      for (Map.Entry<?, ?> member : object.entrySet()) {
        out.writeFieldName((String) member.getKey());
        write(out, member.getValue());
      }
      out.writeEndObject();
    } else if (value instanceof List<?> list) {
      out.writeStartArray();
      for (Object element : list) {
        write(out, element);
      }
      out.writeEndArray();
    } else if (value instanceof Instant time) {
      if (out instanceof CBORGenerator cbor) {
        cbor.writeTag(CBOR_EPOCH_TAG);
      }
      out.writeNumber(time.toEpochMilli() / 1e3);
    } else if (value instanceof Number number) {
      out.writeNumber(number.doubleValue());
    } else {
      out.writeString(value.toString());
    }
  }

  private static void element(StringBuilder out, String name, Object value) {
    out.append('<').append(name).append('>');
    if (value instanceof Map<?, ?> object) {
      object.forEach((member, inner) -> element(out, (String) member, inner));
    } else if (value instanceof List<?> list) {
      list.forEach(inner -> element(out, "member", inner));
    } else {
      escaped(out, value.toString());
    }
    out.append("</").append(name).append('>');
  }

  private static void escaped(StringBuilder out, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        default -> out.append(c < ' ' ? ' ' : c);
      }
    }
  }
}
