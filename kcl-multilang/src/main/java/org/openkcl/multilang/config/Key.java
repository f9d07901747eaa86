package org.openkcl.multilang.config;

import java.util.List;

/**
 * A key of the configuration.
 *
 * @param name as in the properties file; names are case sensitive
 * @param type what its value must be
 * @param choices for {@link Type#CHOICE}
 * @param meaning what it does, for people; for a key without effect why it has none
 * @param hasEffect false for keys that are accepted because existing files have them, and that have
 *     nothing to set here
 */
record Key(String name, Type type, List<String> choices, String meaning, boolean hasEffect) {

  /** What a value must be. */
  enum Type {
    TEXT("a text"),
    WHOLE("a whole number, 0 or more"),
    DECIMAL("a number, 0 or more"),
    FLAG("true or false"),
    CHOICE("one of"),
    URI("a URI"),
    PERIOD("a period such as PT24H or P1D"),
    LIST("texts with commas between them"),
    TAGS("key=value pairs with commas between them"),
    CREDENTIALS("credentials providers with commas between them");

    private final String description;

    Type(String description) {
      this.description = description;
    }
  }

  static Key setting(String name, Type type, String meaning) {
    return new Key(name, type, List.of(), meaning, true);
  }

  static Key choice(String name, String meaning, String... choices) {
    return new Key(name, Type.CHOICE, List.of(choices), meaning, true);
  }

  /** A key that means nothing here. */
  static Key idle(String name, Type type, String reason) {
    return new Key(name, type, List.of(), reason, false);
  }

  /** As {@link #idle}, for one that has choices. */
  static Key idleChoice(String name, String reason, String... choices) {
    return new Key(name, Type.CHOICE, List.of(choices), reason, false);
  }

  /** What a value must be, for people. */
  String expected() {
    return type == Type.CHOICE
        ? type.description + " " + String.join(", ", choices)
        : type.description;
  }
}
