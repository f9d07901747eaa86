package org.openkcl.multilang.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what children write. A line is a message if it is one JSON object with a known action;
 * members that the daemon does not know are ignored, so that newer children can say more.
 */
public final class ChildLines {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int TEXT_MAX = 200;

  private ChildLines() {}

  /** What a line says. */
  public static ChildLine parse(String line) {
    if (line.isBlank()) {
      return new ChildLine.Blank();
    }
    try (JsonParser parser = JSON.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return unexpected(line, noMessage(line));
      }
      Members members = members(parser);
      if (parser.nextToken() != null) {
        return unexpected(line, "something follows the message on the same line");
      }
      return members.message(line);
    } catch (IOException notJson) {
      return unexpected(line, noMessage(line));
    }
  }

  /** A line that was longer than the daemon keeps; this is how it began. */
  public static ChildLine tooLong(String beginning, int bytesMax) {
    return unexpected(beginning, "the line is longer than " + bytesMax + " bytes");
  }

  /** Another output in the middle of a message is the usual reason for a lost answer. */
  private static String noMessage(String line) {
    return line.contains("\"action\"")
        ? "it has a message in it, mixed with other output: the processor, or a library it uses,"
            + " prints to standard output while a message is written. Print to standard error"
        : "it is no message of the protocol. Print to standard error, not to standard output";
  }

  private static ChildLine unexpected(String line, String diagnosis) {
    String text = line.length() <= TEXT_MAX ? line : line.substring(0, TEXT_MAX) + "...";
    return new ChildLine.Unexpected(text, diagnosis);
  }

  private static Members members(JsonParser parser) throws IOException {
    Members members = new Members();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (value == JsonToken.START_ARRAY && name.equals("extensions")) {
        members.takeExtensions(parser);
      } else if (value.isStructStart()) {
        parser.skipChildren();
      } else {
        members.take(name, value, parser);
      }
    }
    return members;
  }

  /** The members that messages of children have. */
  private static final class Members {
    private @Nullable String action;
    private @Nullable String responseFor;
    private @Nullable String sequenceNumber;
    private @Nullable Long subSequenceNumber;
    private @Nullable String shardId;
    private @Nullable String error;
    private @Nullable String level;
    private @Nullable String text;
    private final Set<Extension> extensions = EnumSet.noneOf(Extension.class);
    private String wrong = "";

    void take(String name, JsonToken value, JsonParser parser) throws IOException {
      boolean absent = value == JsonToken.VALUE_NULL;
      switch (name) {
        case "action" -> action = absent ? null : parser.getText();
        case "responseFor" -> responseFor = absent ? null : parser.getText();
        case "sequenceNumber" -> sequenceNumber = absent ? null : parser.getText();
        case "shardId" -> shardId = absent ? null : parser.getText();
        case "error" -> error = absent ? null : parser.getText();
        case "level" -> level = absent ? null : parser.getText();
        case "message" -> text = absent ? null : parser.getText();
        case "subSequenceNumber" -> {
          if (value == JsonToken.VALUE_NUMBER_INT) {
            subSequenceNumber = parser.getLongValue();
          } else if (!absent) {
            wrong = "subSequenceNumber must be a whole number: got " + parser.getText();
          }
        }
        default -> {} // a newer child says more
      }
    }

    /** Those of a newer protocol are left out. */
    void takeExtensions(JsonParser parser) throws IOException {
      for (JsonToken next = parser.nextToken();
          next != null && next != JsonToken.END_ARRAY;
          next = parser.nextToken()) {
        if (next == JsonToken.VALUE_STRING) {
          Extension.named(parser.getText()).ifPresent(extensions::add);
        } else {
          parser.skipChildren();
        }
      }
    }

    ChildLine message(String line) {
      if (action == null) {
        return unexpected(line, "it has no action");
      }
      return switch (action) {
        case "status" -> new ChildLine.Status(responseFor, shardId, extensions, error);
        case "checkpoint" ->
          wrong.isEmpty()
              ? new ChildLine.Checkpoint(sequenceNumber, subSequenceNumber, shardId)
              : unexpected(line, wrong);
        case "log" -> log(line);
        default -> unexpected(line, "children do not send the action '" + action + "'");
      };
    }

    private ChildLine log(String line) {
      if (text == null) {
        return unexpected(line, "a log line must have a message: got none");
      }
      Optional<ChildLine.Log.Level> known = level();
      return known.isPresent()
          ? new ChildLine.Log(known.get(), text, shardId)
          : unexpected(
              line, "level must be trace, debug, info, warn or error: got '" + level + "'");
    }

    private Optional<ChildLine.Log.Level> level() {
      for (ChildLine.Log.Level one : ChildLine.Log.Level.values()) {
        if (one.name().toLowerCase(Locale.ROOT).equals(level)) {
          return Optional.of(one);
        }
      }
      return Optional.empty();
    }
  }
}
