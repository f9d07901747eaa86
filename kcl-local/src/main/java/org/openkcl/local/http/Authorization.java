package org.openkcl.local.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an Authorization header says about its sender. */
final class Authorization {
  private static final Pattern CREDENTIAL = Pattern.compile("Credential=([^/,\\s]+)/");

  private Authorization() {}

  /** The access key id in a header of Signature Version 4; empty when there is none. */
  static String accessKeyId(@Nullable String header) {
    if (header == null) {
      return "";
    }
    Matcher credential = CREDENTIAL.matcher(header);
    return credential.find() ? credential.group(1) : "";
  }
}
