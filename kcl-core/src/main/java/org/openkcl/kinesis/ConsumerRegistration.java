package org.openkcl.kinesis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.lineage.StreamFailure.Kind;
import org.openkcl.retrieval.ShardSubscriber.Registration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ConsumerDescription;
import software.amazon.awssdk.services.kinesis.model.ConsumerStatus;
import software.amazon.awssdk.services.kinesis.model.LimitExceededException;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;

/**
 * The registration of one application as a consumer of one stream. A consumer that is there is used;
 * one that is not is registered, by whichever worker comes first. It is waited for until it is
 * ACTIVE, with questions 0.5 to 2 s apart, a minute at most. It is never deregistered but by {@link
 * #deregister()}.
 *
 * <p>Thread-safe; stages complete on a thread of the client.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_RegisterStreamConsumer.html">RegisterStreamConsumer</a>
 */
public final class ConsumerRegistration {
  private static final Logger log = LoggerFactory.getLogger(ConsumerRegistration.class);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** Registering is limited to five times a second; a limit that lasts is one of numbers. */
  private static final int REFUSALS_MAX = 8;

  private static final long FIRST_DELAY_MILLIS = 500;
  private static final int MAX_DOUBLINGS = 2;

  private final Environment environment;
  private final EventLoop loop;
  private final KinesisAsyncClient client;
  private final StreamAddress stream;
  private final ConsumerName name;
  private final KinesisFailures failures;
  private final AtomicReference<@Nullable CompletableFuture<Registration>> known =
      new AtomicReference<>();

  /**
   * @param environment the worker's
   * @param loop times the waiting
   * @param client is not closed by this
   * @param name of the consumer to use
   */
  public ConsumerRegistration(
      Environment environment,
      EventLoop loop,
      KinesisAsyncClient client,
      StreamAddress stream,
      ConsumerName name) {
    this.environment = environment;
    this.loop = loop;
    this.client = client;
    this.stream = stream;
    this.name = name;
    this.failures = new KinesisFailures(stream, client.serviceClientConfiguration());
  }

  KinesisFailures failures() {
    return failures;
  }

  /** The consumer, once it is active. Who asks while it is being registered shares the outcome. */
  CompletionStage<Registration> registered() {
    CompletableFuture<Registration> mine = new CompletableFuture<>();
    CompletableFuture<Registration> now = known.updateAndGet(
        before -> before == null || before.isCompletedExceptionally() ? mine : before);
    if (now == mine) {
      Search search = new Search(environment.nanoTime());
      search.begin().whenComplete((found, thrown) -> {
        if (thrown == null) {
          mine.complete(found);
        } else {
          mine.completeExceptionally(failureOf(thrown));
        }
      });
    }
    return now == null ? mine : now;
  }

  /** Whether the consumer is another one than before, after asking the service. */
  CompletionStage<Boolean> lookAgain() {
    CompletableFuture<Registration> before = known.get();
    if (before != null && !before.isDone()) {
      return before.thenApply(found -> true);
    }
    known.compareAndSet(before, null);
    return registered()
        .thenCombine(
            before == null ? registered() : before, (now, then) -> !now.arn().equals(then.arn()));
  }

  /**
   * Deregisters the consumer. Whoever is subscribed as it is cut off, in this worker and in all
   * others; each would register it again if it goes on.
   *
   * @return completes when the service has accepted it, also when there is no such consumer; fails
   *     with {@link StreamFailure}
   */
  public CompletionStage<Void> deregister() {
    return summary()
        .thenCompose(summary -> client.deregisterStreamConsumer(request -> request
            .streamARN(name.arn() == null ? summary.streamARN() : null)
            .consumerName(name.arn() == null ? name.name() : null)
            .consumerARN(name.arn())))
        .handle((done, thrown) -> {
          if (thrown != null && !(causeOf(thrown) instanceof ResourceNotFoundException)) {
            throw failures.of(thrown, null);
          }
          known.set(null);
          return null;
        });
  }

  private CompletableFuture<StreamDescriptionSummary> summary() {
    return client
        .describeStreamSummary(
            request -> request.streamName(stream.nameUnlessArn()).streamARN(stream.arn()))
        .thenApply(answer -> answer.streamDescriptionSummary());
  }

  private CompletableFuture<ConsumerDescription> describe(String streamArn) {
    return client
        .describeStreamConsumer(request -> request
            .streamARN(name.arn() == null ? streamArn : null)
            .consumerName(name.arn() == null ? name.name() : null)
            .consumerARN(name.arn()))
        .thenApply(answer -> answer.consumerDescription());
  }

  private StreamFailure failureOf(Throwable thrown) {
    return failures.of(thrown, null);
  }

  private static Throwable causeOf(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return thrown instanceof CompletionException && cause != null ? cause : thrown;
  }

  /** One search for the consumer: looks, registers if need be, looks again until it is active. */
  private final class Search {
    private final long beganNanos;

    Search(long beganNanos) {
      this.beganNanos = beganNanos;
    }

    CompletableFuture<Registration> begin() {
      return again(0, ConsumerRegistration.this::summary).thenCompose(summary -> look(summary, 0));
    }

    private CompletableFuture<Registration> look(StreamDescriptionSummary summary, int attempt) {
      return describe(summary.streamARN())
          .handle((found, thrown) -> {
            if (thrown == null) {
              return found.consumerStatus() == ConsumerStatus.ACTIVE
                  ? CompletableFuture.completedFuture(
                      new Registration(found.consumerARN(), openShards(summary)))
                  : lookLater(summary, attempt, "its status is " + found.consumerStatusAsString());
            }
            Throwable cause = causeOf(thrown);
            if (cause instanceof ResourceNotFoundException) {
              return register(summary, attempt);
            }
            return isThrottled(cause)
                ? lookLater(summary, attempt, "questions are throttled")
                : CompletableFuture.<Registration>failedFuture(failureOf(cause));
          })
          .thenCompose(stage -> stage);
    }

    private CompletableFuture<Registration> register(
        StreamDescriptionSummary summary, int attempt) {
      if (name.arn() != null) {
        return CompletableFuture.failedFuture(new StreamFailure(
            Kind.REFUSED,
            "Consumer '%s' of stream '%s' does not exist. Register it, or give the ARN of one that does; without an ARN the application registers its own."
                .formatted(name.arn(), stream)));
      }
      return client
          .registerStreamConsumer(
              request -> request.streamARN(summary.streamARN()).consumerName(name.name()))
          .handle((registered, thrown) -> {
            if (thrown == null) {
              log.atInfo()
                  .addKeyValue("event", "consumer.registered")
                  .log("Registered consumer '{}' with stream '{}'", name.name(), stream);
              return lookLater(summary, attempt, "it has just been registered");
            }
            Throwable cause = causeOf(thrown);
            if (cause instanceof LimitExceededException && attempt >= REFUSALS_MAX) {
              return CompletableFuture.<Registration>failedFuture(noRoom(cause));
            }
            return cause instanceof ResourceInUseException || isThrottled(cause)
                ? lookLater(summary, attempt, text(cause))
                : CompletableFuture.<Registration>failedFuture(failureOf(cause));
          })
          .thenCompose(stage -> stage);
    }

    private CompletableFuture<Registration> lookLater(
        StreamDescriptionSummary summary, int attempt, String why) {
      if (isOver()) {
        return CompletableFuture.failedFuture(new StreamFailure(
            Kind.UNAVAILABLE,
            "Consumer '%s' of stream '%s' is not ACTIVE after %d s: %s. Tried again; if it lasts, look at it with describe-stream-consumer."
                .formatted(name, stream, PATIENCE.toSeconds(), why)));
      }
      return later(attempt).thenCompose(done -> look(summary, attempt + 1));
    }

    private <T> CompletableFuture<T> again(int attempt, Supplier<CompletableFuture<T>> question) {
      return question
          .get()
          .handle((answer, thrown) -> {
            if (thrown == null) {
              return CompletableFuture.completedFuture(answer);
            }
            return isThrottled(causeOf(thrown)) && !isOver()
                ? later(attempt).thenCompose(done -> again(attempt + 1, question))
                : CompletableFuture.<T>failedFuture(failureOf(thrown));
          })
          .thenCompose(stage -> stage);
    }

    private boolean isOver() {
      return environment.nanoTime() - beganNanos >= PATIENCE.toNanos();
    }
  }

  private CompletableFuture<Void> later(int attempt) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    loop.execute(() -> {
      long delay = FIRST_DELAY_MILLIS << Math.min(attempt, MAX_DOUBLINGS);
      double jitter = 1 - environment.random().nextDouble() / 2;
      loop.schedule(Duration.ofMillis((long) (delay * jitter)), () -> over.complete(null));
    });
    return over;
  }

  private boolean isThrottled(Throwable cause) {
    return failures.of(cause, null).kind() == Kind.THROTTLED;
  }

  private StreamFailure noRoom(Throwable cause) {
    return new StreamFailure(
        Kind.THROTTLED,
        "Consumer '%s' cannot be registered with stream '%s': %s. A stream has room for 20 consumers, or 50 in On-demand Advantage. Deregister one that is not used (list-stream-consumers shows them), give the ARN of one that this application may use with Retrieval.fanOut(consumerArn), or read with Retrieval.polling()."
            .formatted(name, stream, text(cause)),
        cause);
  }

  private static int openShards(StreamDescriptionSummary summary) {
    Integer open = summary.openShardCount();
    return open == null ? 1 : open;
  }

  private static String text(Throwable thrown) {
    return thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
  }
}
