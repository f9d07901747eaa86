package org.openkcl.local.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.model.StreamException;

/** The two encodings of the Kinesis API; both carry the same objects. */
enum Wire {
  /** Blobs in Base64, times in seconds since the epoch. */
  JSON("application/x-amz-json-1.1", new JsonFactory()),
  /** Blobs as bytes, times in milliseconds since the epoch. */
  CBOR("application/x-amz-cbor-1.1", new CBORFactory());

  private static final int DEPTH_MAX = 16;

  private final String contentType;

  @SuppressWarnings("ImmutableEnumChecker") // nobody configures the factories after their start
  private final JsonFactory factory;

  Wire(String contentType, JsonFactory factory) {
    this.contentType = contentType;
    this.factory = factory;
  }

  String contentType() {
    return contentType;
  }

  /** The encoding of a Content-Type; JSON for anything that is not CBOR. */
  static Wire of(@Nullable String contentType) {
    return contentType != null && contentType.toLowerCase(Locale.ROOT).contains("cbor")
        ? CBOR
        : JSON;
  }

  /**
   * Reads a request body: an object of texts, numbers, booleans, bytes, lists and objects. An empty
   * body is an empty object.
   *
   * @throws StreamException {@code SerializationException} when it is nothing of the kind
   */
  Params read(byte[] body) {
    return new Params(this, members(body));
  }

  /** As {@link #read}, the bare members: Java's own strings, numbers, booleans, lists and maps. */
  Map<String, Object> members(byte[] body) {
    if (body.length == 0) {
      return Map.of();
    }
    try (JsonParser parser = factory.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw malformed("the body is not an object");
      }
      Map<String, Object> members = object(parser, 1);
      if (parser.nextToken() != null) {
        throw malformed("there is something after the object");
      }
      return members;
    } catch (IOException unreadable) {
      throw malformed("the body is not well-formed " + this);
    }
  }

  /** Writes a reply body. */
  byte[] write(ReplyBody body) {
    return ReplyWriter.write(factory, body);
  }

  private static Map<String, Object> object(JsonParser parser, int depth) throws IOException {
    Map<String, Object> members = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      Object value = value(parser, depth);
      if (value != null) {
        members.put(name, value);
      }
    }
    if (parser.currentToken() != JsonToken.END_OBJECT) {
      throw malformed("an object does not end");
    }
    return members;
  }

  private static @Nullable Object value(JsonParser parser, int depth) throws IOException {
    if (depth > DEPTH_MAX) {
      throw malformed("it is nested deeper than " + DEPTH_MAX);
    }
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw malformed("it ends too early");
    }
    return switch (token) {
      case START_OBJECT -> object(parser, depth + 1);
      case START_ARRAY -> list(parser, depth + 1);
      case VALUE_STRING -> whole(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
      case VALUE_EMBEDDED_OBJECT -> parser.getBinaryValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME ->
        throw malformed("a value is missing");
    };
  }

  /** The text with a question mark for every half of a character, which no reply could carry. */
  private static String whole(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
      }
    }
    return text;
  }

  private static List<Object> list(JsonParser parser, int depth) throws IOException {
    List<Object> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Object element = value(parser, depth);
      if (element == null) {
        throw malformed("a list has a null");
      }
      elements.add(element);
    }
    return elements;
  }

  private static StreamException malformed(String why) {
    return new StreamException("SerializationException", "Cannot read the request: " + why);
  }
}
