package org.openkcl.local.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The computations of Signature Version 4. */
final class SigV4 {
  private static final String HMAC = "HmacSHA256";
  private static final HexFormat HEX = HexFormat.of();

  private SigV4() {}

  static String canonicalRequest(SignedRequest request, List<String> signedHeaders) {
    StringBuilder headers = new StringBuilder();
    for (String name : signedHeaders) {
      String value = request.header(name);
      headers.append(name).append(':').append(value == null ? "" : value).append('\n');
    }
    return String.join(
        "\n",
        request.method(),
        canonicalPath(request.path()),
        canonicalQuery(request.query()),
        headers,
        String.join(";", signedHeaders),
        HEX.formatHex(sha256(request.body())));
  }

  static String stringToSign(String date, String scope, String canonicalRequest) {
    byte[] hash = sha256(canonicalRequest.getBytes(StandardCharsets.UTF_8));
    return String.join("\n", "AWS4-HMAC-SHA256", date, scope, HEX.formatHex(hash));
  }

  static String signature(String secretAccessKey, Authorization scope, String stringToSign) {
    byte[] key = ("AWS4" + secretAccessKey).getBytes(StandardCharsets.UTF_8);
    for (String part : scope.scope().split("/", -1)) {
      key = hmac(key, part);
    }
    return HEX.formatHex(hmac(key, stringToSign));
  }

  /** The path as it was sent, encoded once more. */
  private static String canonicalPath(String path) {
    StringBuilder encoded = new StringBuilder();
    for (byte octet : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (octet & 0xff);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "-_.~/".indexOf(c) >= 0);
      encoded.append(plain ? String.valueOf(c) : "%" + HEX.withUpperCase().toHexDigits(octet));
    }
    return encoded.isEmpty() ? "/" : encoded.toString();
  }

  private static String canonicalQuery(String query) {
    return Arrays.stream(query.split("&"))
        .filter(parameter -> !parameter.isEmpty())
        .map(parameter -> parameter.contains("=") ? parameter : parameter + "=")
        .sorted()
        .collect(Collectors.joining("&"));
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("Every JVM has SHA-256", impossible);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("Every JVM has " + HMAC, impossible);
    }
  }
}
