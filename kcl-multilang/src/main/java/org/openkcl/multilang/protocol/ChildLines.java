package org.openkcl.multilang.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
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
      if (value.isStructStart()) {
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
    private String wrong = "";

    void take(String name, JsonToken value, JsonParser parser) throws IOException {
      boolean absent = value == JsonToken.VALUE_NULL;
      switch (name) {
        case "action" -> action = absent ? null : parser.getText();
        case "responseFor" -> responseFor = absent ? null : parser.getText();
        case "sequenceNumber" -> sequenceNumber = absent ? null : parser.getText();
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

    ChildLine message(String line) {
      if (action == null) {
        return unexpected(line, "it has no action");
      }
      return switch (action) {
        case "status" -> new ChildLine.Status(responseFor);
        case "checkpoint" ->
          wrong.isEmpty()
              ? new ChildLine.Checkpoint(sequenceNumber, subSequenceNumber)
              : unexpected(line, wrong);
        default -> unexpected(line, "children do not send the action '" + action + "'");
      };
    }
  }
}
