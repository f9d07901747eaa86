package org.openkcl.processor;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names a stream. An application that reads one stream needs no more than its name; one that reads
 * several tells them apart by account, name and creation time, so that a stream that was deleted and
 * made again is another stream.
 *
 * <p>Two identifiers are equal if account, name and creation time are; the ARN is not compared.
 * Immutable; safe for use by any thread.
 */
public final class StreamIdentifier {
  private static final Pattern MULTI = Pattern.compile("([0-9]+):([^:]+):([0-9]+)");
  private static final Pattern ARN =
      Pattern.compile("arn:aws[^:]*:kinesis:[-a-z0-9]+:([0-9]{12}):stream/(.+)");

  private final @Nullable String accountId;
  private final String streamName;
  private final long creationEpoch; // 0: not known
  private final @Nullable String arn;

  private StreamIdentifier(
      @Nullable String accountId, String streamName, long creationEpoch, @Nullable String arn) {
    this.accountId = accountId;
    this.streamName = streamName;
    this.creationEpoch = creationEpoch;
    this.arn = arn;
  }

  /**
   * The stream of an application that reads one.
   *
   * @param streamName never empty, without a colon
   * @throws IllegalArgumentException if the name is empty or holds a colon
   */
  public static StreamIdentifier singleStreamInstance(String streamName) {
    if (streamName.isEmpty() || streamName.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "A stream name must be given and hold no colon: got '" + streamName + "'");
    }
    return new StreamIdentifier(null, streamName, 0, null);
  }

  /**
   * The stream of an application that reads one, by its ARN, as streams of other accounts need.
   *
   * @param arn {@code arn:aws:kinesis:region:account:stream/name}
   * @throws IllegalArgumentException if the ARN is not of that form
   */
  public static StreamIdentifier singleStreamInstanceOfArn(String arn) {
    Matcher parts = matchArn(arn);
    return new StreamIdentifier(parts.group(1), parts.group(2), 0, arn);
  }

  /**
   * One of several streams.
   *
   * @param serialized {@code account:name:epoch}, as {@link #serialize()} writes it; the epoch is
   *     the stream's creation time in seconds since 1970, greater than 0
   * @throws IllegalArgumentException if the text is not of that form
   */
  public static StreamIdentifier multiStreamInstance(String serialized) {
    Matcher parts = MULTI.matcher(serialized);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "A stream of several must be written account:name:epoch: got '" + serialized + "'");
    }
    return new StreamIdentifier(parts.group(1), parts.group(2), epoch(parts.group(3)), null);
  }

  /**
   * One of several streams, by its ARN.
   *
   * @param arn {@code arn:aws:kinesis:region:account:stream/name}
   * @param creationEpoch the stream's creation time in seconds since 1970, greater than 0
   * @throws IllegalArgumentException if the ARN is not of that form or the epoch not positive
   */
  public static StreamIdentifier multiStreamInstanceOfArn(String arn, long creationEpoch) {
    Matcher parts = matchArn(arn);
    return new StreamIdentifier(
        parts.group(1), parts.group(2), epoch(Long.toString(creationEpoch)), arn);
  }

  /** The account's digits; empty for a stream known by its name alone. */
  public Optional<String> accountIdOptional() {
    return Optional.ofNullable(accountId);
  }

  /** The stream's name. */
  public String streamName() {
    return streamName;
  }

  /** The creation time in seconds since 1970; empty for the stream of a single-stream application. */
  public OptionalLong streamCreationEpochOptional() {
    return creationEpoch == 0 ? OptionalLong.empty() : OptionalLong.of(creationEpoch);
  }

  /** The ARN, if the identifier was made from one. */
  public Optional<String> streamArnOptional() {
    return Optional.ofNullable(arn);
  }

  /**
   * The identifier as the lease table keeps it: {@code account:name:epoch} for one of several
   * streams, the bare name for the stream of a single-stream application.
   */
  public String serialize() {
    return creationEpoch == 0 ? streamName : accountId + ":" + streamName + ":" + creationEpoch;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StreamIdentifier that
        && Objects.equals(accountId, that.accountId)
        && streamName.equals(that.streamName)
        && creationEpoch == that.creationEpoch;
  }

  @Override
  public int hashCode() {
    return Objects.hash(accountId, streamName, creationEpoch);
  }

  /** The same as {@link #serialize()}. */
  @Override
  public String toString() {
    return serialize();
  }

  private static Matcher matchArn(String arn) {
    Matcher parts = ARN.matcher(arn);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "A stream ARN must be written arn:aws:kinesis:region:account:stream/name: got '"
              + arn
              + "'");
    }
    return parts;
  }

  private static long epoch(String digits) {
    long epoch;
    try {
      epoch = Long.parseLong(digits);
    } catch (NumberFormatException tooLong) {
      throw new IllegalArgumentException(
          "A stream's creation epoch must fit 63 bits: got " + digits, tooLong);
    }
    if (epoch <= 0) {
      throw new IllegalArgumentException(
          "A stream's creation epoch must be greater than 0 seconds: got " + digits);
    }
    return epoch;
  }
}
