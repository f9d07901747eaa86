package org.openkcl.health;

/** Strings of JSON (RFC 8259, section 7). */
final class JsonString {
  private JsonString() {}

  /** The text between quotation marks. */
  static String of(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        json.append("\\u%04x".formatted((int) c)); // a lone surrogate is not UTF-8
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
