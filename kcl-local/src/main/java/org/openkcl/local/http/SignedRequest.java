package org.openkcl.local.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request as its signature covers it.
 *
 * @param path as it was sent, still encoded
 * @param query as it was sent, without the question mark; empty for none
 * @param authority the host and port that the client asked for, wherever its protocol puts them
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
public record SignedRequest(
    String method, String path, String query, String authority, List<Header> headers, byte[] body) {
  /** One line of the header. */
  record Header(String name, String value) {}

  /** All values of a header, each without needless spaces, joined by commas; null for none. */
  @Nullable
  String header(String name) {
    List<String> values = new ArrayList<>(1);
    for (Header header : headers) {
      if (header.name().equalsIgnoreCase(name)) {
        values.add(header.value().trim().replaceAll(" +", " "));
      }
    }
    if (values.isEmpty()) {
      return name.toLowerCase(Locale.ROOT).equals("host") ? authority : null;
    }
    return String.join(",", values);
  }
}
