package org.openkcl.local.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.model.StreamException;
import org.openkcl.local.model.StreamNames;

/**
 * Checks that requests are signed with one key pair by Signature Version 4 (General reference: Signing
 * AWS API requests), in the Authorization header.
 */
final class SignatureCheck {
  private static final String SERVICE = "kinesis";
  private static final Duration TOLERANCE = Duration.ofMinutes(5);
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final String accessKeyId;
  private final String secretAccessKey;
  private final InstantSource clock;

  /**
   * A check for one key pair.
   *
   * @param clock a request must be signed within five minutes of its time
   */
  SignatureCheck(String accessKeyId, String secretAccessKey, InstantSource clock) {
    this.accessKeyId = accessKeyId;
    this.secretAccessKey = secretAccessKey;
    this.clock = clock;
  }

  /** Throws the service's error unless the request is signed as it should be. */
  void require(SignedRequest request) {
    String header = request.header("Authorization");
    if (header == null || header.isEmpty()) {
      throw new StreamException(
          "MissingAuthenticationTokenException", "Missing Authentication Token");
    }
    Authorization authorization = Authorization.parse(header, request.header("X-Amz-Date"));
    if (!authorization.accessKeyId().equals(accessKeyId)) {
      throw new StreamException(
          "UnrecognizedClientException", "The security token included in the request is invalid.");
    }
    checkScope(authorization);
    checkTime(authorization.date());
    String canonical = SigV4.canonicalRequest(request, authorization.signedHeaders());
    String toSign = SigV4.stringToSign(authorization.date(), authorization.scope(), canonical);
    byte[] wanted =
        SigV4.signature(secretAccessKey, authorization, toSign).getBytes(StandardCharsets.UTF_8);
    byte[] given = authorization.signature().getBytes(StandardCharsets.UTF_8);
    if (!MessageDigest.isEqual(wanted, given)) {
      throw invalid("The request signature we calculated does not match the signature you provided."
          + " Check your AWS Secret Access Key and signing method. Consult the service"
          + " documentation for details.\n\nThe Canonical String for this request should have"
          + " been\n'"
          + canonical
          + "'\n\nThe String-to-Sign should have been\n'"
          + toSign
          + "'\n");
    }
  }

  private static void checkScope(Authorization authorization) {
    String day = authorization.date().substring(0, 8);
    if (!authorization.day().equals(day)) {
      throw invalid("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date"
          + " from HTTP: '"
          + authorization.day()
          + "' != '"
          + day
          + "', from '"
          + authorization.date()
          + "'.");
    }
    if (!authorization.region().equals(StreamNames.REGION)) {
      throw invalid(
          "Credential should be scoped to a valid region, not '" + authorization.region() + "'. ");
    }
    if (!authorization.service().equals(SERVICE)) {
      throw invalid("Credential should be scoped to correct service: '" + SERVICE + "'. ");
    }
  }

  private void checkTime(String date) {
    Instant signed = instant(date);
    Instant now = clock.instant();
    if (signed == null || signed.isBefore(now.minus(TOLERANCE))) {
      throw invalid("Signature expired: "
          + date
          + " is now earlier than "
          + STAMP.format(now.minus(TOLERANCE))
          + " ("
          + STAMP.format(now)
          + " - 5 min.)");
    }
    if (signed.isAfter(now.plus(TOLERANCE))) {
      throw invalid("Signature not yet current: "
          + date
          + " is still later than "
          + STAMP.format(now.plus(TOLERANCE))
          + " ("
          + STAMP.format(now)
          + " + 5 min.)");
    }
  }

  private static @Nullable Instant instant(String date) {
    try {
      return Instant.from(STAMP.parse(date));
    } catch (DateTimeException impossibleDate) {
      return null;
    }
  }

  private static StreamException invalid(String message) {
    return new StreamException("InvalidSignatureException", message);
  }
}
