package org.openkcl;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.openkcl.kinesis.StreamAddress;
import org.openkcl.processor.StreamIdentifier;
import org.openkcl.retrieval.PollSettings;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;

/**
 * One of several streams that an application reads, and what is special about it. What is not set
 * here is as the {@link SchedulerBuilder} has it.
 *
 * <p>Immutable; every {@code with} method gives another one.
 */
public final class StreamConfig {
  private final StreamAddress address;
  private final @Nullable StreamIdentifier identifier;
  private final @Nullable InitialPosition initialPosition;
  private final @Nullable Consumer<AwsClientBuilder<?, ?>> client;
  private final @Nullable Retrieval retrieval;
  private final @Nullable Duration idleTimeBetweenReads;
  private final @Nullable Integer maxRecords;

  private StreamConfig(Parts parts) {
    this.address = parts.address;
    this.identifier = parts.identifier;
    this.initialPosition = parts.initialPosition;
    this.client = parts.client;
    this.retrieval = parts.retrieval;
    this.idleTimeBetweenReads = parts.idleTimeBetweenReads;
    this.maxRecords = parts.maxRecords;
  }

  /**
   * A stream as Amazon's library has it.
   *
   * @param identifier of one of several streams: with an account and a creation epoch, under which its
   *     leases are kept; with an ARN if it is in another account
   * @throws IllegalArgumentException if the identifier has no creation epoch
   */
  public StreamConfig(StreamIdentifier identifier, InitialPosition initialPosition) {
    this(new Parts(of(identifier)).with(initialPosition));
  }

  /**
   * A stream by its name, which is looked for in the account of the client's credentials, or by its
   * ARN. Account and creation time, by which its leases are kept, are asked of Kinesis: so a stream
   * that was deleted and created again is another one, see {@link RecreatedStream}.
   *
   * @throws IllegalArgumentException if it is neither a name nor an ARN
   */
  public static StreamConfig of(String nameOrArn) {
    return new StreamConfig(new Parts(StreamAddress.of(nameOrArn), null));
  }

  /**
   * A stream by the identifier under which its leases are kept.
   *
   * @throws IllegalArgumentException if the identifier has no creation epoch
   */
  public static StreamConfig of(StreamIdentifier identifier) {
    if (identifier.streamCreationEpochOptional().isEmpty()) {
      throw new IllegalArgumentException(
          "One of several streams needs an identifier with account and creation epoch"
              + " (multiStreamInstance), or is given by its name or ARN: got '" + identifier + "'");
    }
    String address = identifier.streamArnOptional().orElse(identifier.streamName());
    return new StreamConfig(new Parts(StreamAddress.of(address), identifier));
  }

  /** Where this stream is begun. */
  public StreamConfig withInitialPosition(InitialPosition position) {
    return new StreamConfig(new Parts(this).with(position));
  }

  /**
   * Sets region, credentials or endpoint of Kinesis clients that this stream has for itself, as one
   * in another region or read under another role needs them. Applied after the scheduler's {@code
   * clients}; such a stream is read by polling or fan-out like any other.
   */
  public StreamConfig withClient(Consumer<AwsClientBuilder<?, ?>> customizer) {
    Parts parts = new Parts(this);
    parts.client = customizer;
    return new StreamConfig(parts);
  }

  /** As {@link SchedulerBuilder#retrieval}, for this stream. */
  public StreamConfig withRetrieval(Retrieval way) {
    Parts parts = new Parts(this);
    parts.retrieval = way;
    return new StreamConfig(parts);
  }

  /** As {@link SchedulerBuilder#idleTimeBetweenReads}, for this stream. */
  public StreamConfig withIdleTimeBetweenReads(Duration time) {
    PollSettings.DEFAULT.withIdleInterval(time); // refuses what is out of range
    Parts parts = new Parts(this);
    parts.idleTimeBetweenReads = time;
    return new StreamConfig(parts);
  }

  /** As {@link SchedulerBuilder#maxRecords}, for this stream. */
  public StreamConfig withMaxRecords(int records) {
    PollSettings.DEFAULT.withMaxRecords(records);
    Parts parts = new Parts(this);
    parts.maxRecords = records;
    return new StreamConfig(parts);
  }

  /** The identifier that was given; empty when the stream was given by name or ARN. */
  public Optional<StreamIdentifier> streamIdentifier() {
    return Optional.ofNullable(identifier);
  }

  /** Where this stream is begun; empty for the scheduler's position. */
  public Optional<InitialPosition> initialPosition() {
    return Optional.ofNullable(initialPosition);
  }

  /** The name, ARN or identifier that was given. */
  @Override
  public String toString() {
    return identifier == null ? address.toString() : identifier.toString();
  }

  StreamAddress address() {
    return address;
  }

  Optional<Consumer<AwsClientBuilder<?, ?>>> client() {
    return Optional.ofNullable(client);
  }

  Optional<Retrieval> retrieval() {
    return Optional.ofNullable(retrieval);
  }

  PollSettings polling(PollSettings common) {
    PollSettings settings =
        idleTimeBetweenReads == null ? common : common.withIdleInterval(idleTimeBetweenReads);
    return maxRecords == null ? settings : settings.withMaxRecords(maxRecords);
  }

  /** What a config is made of, while it is made. */
  private static final class Parts {
    private final StreamAddress address;
    private final @Nullable StreamIdentifier identifier;
    private @Nullable InitialPosition initialPosition;
    private @Nullable Consumer<AwsClientBuilder<?, ?>> client;
    private @Nullable Retrieval retrieval;
    private @Nullable Duration idleTimeBetweenReads;
    private @Nullable Integer maxRecords;

    Parts(StreamAddress address, @Nullable StreamIdentifier identifier) {
      this.address = address;
      this.identifier = identifier;
    }

    Parts(StreamConfig config) {
      this(config.address, config.identifier);
      initialPosition = config.initialPosition;
      client = config.client;
      retrieval = config.retrieval;
      idleTimeBetweenReads = config.idleTimeBetweenReads;
      maxRecords = config.maxRecords;
    }

    Parts with(InitialPosition position) {
      initialPosition = position;
      return this;
    }
  }
}
