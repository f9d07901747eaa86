package org.openkcl.local.http;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.model.StreamException;

/**
 * What the Authorization header of a request signed by Signature Version 4 says.
 *
 * @param date when it was signed, as {@code 20300101T000000Z}
 * @param day the day in the credential's scope
 * @param signedHeaders in lower case, in the order of the header
 * @param signature in hexadecimal digits
 */
record Authorization(
    String accessKeyId,
    String date,
    String day,
    String region,
    String service,
    List<String> signedHeaders,
    String signature) {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final String TERMINATOR = "aws4_request";
  private static final Pattern CREDENTIAL = Pattern.compile("Credential=([^/,\\s]+)/");
  private static final Pattern DATE = Pattern.compile("\\d{8}T\\d{6}Z");

  Authorization {
    signedHeaders = List.copyOf(signedHeaders);
  }

  /** The access key id in a header, which may otherwise be malformed; empty when there is none. */
  static String accessKeyId(@Nullable String header) {
    if (header == null) {
      return "";
    }
    Matcher credential = CREDENTIAL.matcher(header);
    return credential.find() ? credential.group(1) : "";
  }

  /**
   * Reads a header.
   *
   * @param date the X-Amz-Date header; null when there is none
   * @throws StreamException {@code IncompleteSignatureException} when something is missing
   */
  static Authorization parse(String header, @Nullable String date) {
    Map<String, String> parts = parts(header);
    StringBuilder missing = new StringBuilder();
    for (String name : new String[] {"Credential", "Signature", "SignedHeaders"}) {
      if (!parts.containsKey(name)) {
        missing.append("Authorization header requires '").append(name).append("' parameter. ");
      }
    }
    if (date == null || !DATE.matcher(date).matches()) {
      missing.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date'"
          + " header. ");
    }
    if (!missing.isEmpty() || date == null) {
      throw incomplete(missing + "Authorization=" + header);
    }
    String credential = parts.getOrDefault("Credential", "");
    String[] scope = credential.split("/", -1);
    if (scope.length != 5 || !scope[4].equals(TERMINATOR)) {
      throw incomplete("Credential must have exactly 5 slash-delimited elements, e.g."
          + " keyid/date/region/service/term, got '"
          + credential
          + "'");
    }
    return new Authorization(
        scope[0],
        date,
        scope[1],
        scope[2],
        scope[3],
        Arrays.asList(parts.getOrDefault("SignedHeaders", "").split(";")),
        parts.getOrDefault("Signature", ""));
  }

  /** {@code 20300101/us-east-1/kinesis/aws4_request} */
  String scope() {
    return String.join("/", day, region, service, TERMINATOR);
  }

  private static Map<String, String> parts(String header) {
    if (!header.startsWith(ALGORITHM + " ")) {
      throw incomplete("Unsupported AWS 'algorithm': '"
          + header.split(" ", 2)[0]
          + "'. Authorization="
          + header);
    }
    Map<String, String> parts = new LinkedHashMap<>();
    for (String part : header.substring(ALGORITHM.length()).split(",")) {
      String[] named = part.trim().split("=", 2);
      if (named.length == 2) {
        parts.put(named[0], named[1]);
      }
    }
    return parts;
  }

  private static StreamException incomplete(String message) {
    return new StreamException("IncompleteSignatureException", message);
  }
}
