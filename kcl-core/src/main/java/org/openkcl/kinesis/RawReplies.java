package org.openkcl.kinesis;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;

/**
 * Hands the body of a reply, or the events of a subscription, to whoever made the request as they
 * came from the network, and tells the SDK of empty ones. Everything else about the call stays the
 * SDK's: endpoint, credentials, signature, time-outs, attempts, and failures. Making its own objects of
 * many records would cost the SDK more than all the rest of reading.
 *
 * <p>Only requests that carry a {@link Slot} or {@link Events} are concerned, and only replies in CBOR
 * that are not small and events in JSON, so that with any other client, or another protocol, these
 * stay empty and the SDK's objects have all. It does nothing until {@link
 * #beginUnlessContentIsWanted} has been called.
 *
 * <p>Thread-safe.
 */
final class RawReplies implements ExecutionInterceptor {
  /** Where a request that wants it gets the body of its reply. */
  static final ExecutionAttribute<Slot> SLOT = new ExecutionAttribute<>("OpenKclRawReply");

  /** Where a subscription that wants them gets the payloads of its events. */
  static final ExecutionAttribute<Events> EVENTS = new ExecutionAttribute<>("OpenKclRawEvents");

  private static final String CBOR = "application/x-amz-cbor";
  private static final byte EMPTY_MAP = (byte) 0xA0;

  /** A reply without records has less than 1,000 bytes; taking it would save nothing. */
  private static final int DIGITS_OF_SMALL = 3;

  /** What the SDK itself puts into clients changes no reply of Kinesis. */
  private static final String SDK_PACKAGE = "software.amazon.awssdk.";

  private final AtomicBoolean begun = new AtomicBoolean();

  /** The body of one call's last reply. Thread-safe. */
  static final class Slot {
    private final AtomicReference<@Nullable List<ByteBuffer>> body = new AtomicReference<>();

    /** To be given to the request, whose reply this is for. */
    AwsRequestOverrideConfiguration asked() {
      return AwsRequestOverrideConfiguration.builder()
          .putExecutionAttribute(SLOT, this)
          .build();
    }

    /** The body in the order it came, once the call has succeeded; null if the SDK has it. */
    @Nullable
    List<ByteBuffer> body() {
      return body.get();
    }
  }

  /** The payloads of one subscription's events. Thread-safe. */
  static final class Events {
    private final Queue<List<ByteBuffer>> payloads = new ConcurrentLinkedQueue<>();

    /** To be given to the request, whose events these are. */
    AwsRequestOverrideConfiguration asked(AwsRequestOverrideConfiguration others) {
      return others.toBuilder().putExecutionAttribute(EVENTS, this).build();
    }

    /**
     * The payload of the event that the SDK has just told of, which it tells of in their order; null
     * if the SDK's object has all.
     *
     * @param event as the SDK tells it; without anything in it if there is a payload
     */
    @Nullable
    List<ByteBuffer> next(SubscribeToShardEvent event) {
      return event.continuationSequenceNumber() == null && event.millisBehindLatest() == null
          ? payloads.poll()
          : null;
    }
  }

  @Override
  public Optional<Publisher<ByteBuffer>> modifyAsyncHttpResponseContent(
      Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
    Slot slot = begun.get() ? attributes.getAttribute(SLOT) : null;
    if (slot != null) {
      return bodyFor(slot, context);
    }
    Events events = begun.get() ? attributes.getAttribute(EVENTS) : null;
    if (events == null || !context.httpResponse().isSuccessful()) {
      return context.responsePublisher();
    }
    EventFrames frames = new EventFrames(events.payloads::add);
    return context
        .responsePublisher()
        .map(content -> SdkPublisher.adapt(content).flatMapIterable(frames::take));
  }

  /** Each attempt has a body of its own: one that was given up may still be coming in. */
  private static Optional<Publisher<ByteBuffer>> bodyFor(
      Slot slot, Context.ModifyHttpResponse context) {
    if (!context.httpResponse().isSuccessful() || !isCbor(context) || isSmall(context)) {
      slot.body.set(null);
      return context.responsePublisher();
    }
    List<ByteBuffer> chunks = new ArrayList<>();
    slot.body.set(chunks);
    return context
        .responsePublisher()
        .map(content -> SdkPublisher.adapt(content)
            .filter(chunk -> {
              chunks.add(chunk);
              return false;
            })
            .addTrailingData(() -> List.of(ByteBuffer.wrap(new byte[] {EMPTY_MAP}))));
  }

  /**
   * Begins to take bodies, unless another interceptor of the client may give replies another content:
   * it has to see them, so that they cannot be kept from the SDK.
   *
   * @param all interceptors of the client, those included that the SDK found on the class path
   */
  void beginUnlessContentIsWanted(List<ExecutionInterceptor> all) {
    begun.set(all.stream().noneMatch(each -> each != this && wantsContent(each)));
  }

  private static boolean wantsContent(ExecutionInterceptor interceptor) {
    if (interceptor.getClass().getName().startsWith(SDK_PACKAGE)) {
      return false;
    }
    for (var method : interceptor.getClass().getMethods()) {
      boolean changesReplies = method.getName().equals("modifyResponse")
          || method.getName().equals("modifyAsyncHttpResponseContent");
      if (changesReplies && method.getDeclaringClass() != ExecutionInterceptor.class) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSmall(Context.ModifyHttpResponse context) {
    return context
        .httpResponse()
        .firstMatchingHeader("Content-Length")
        .filter(length -> length.length() <= DIGITS_OF_SMALL)
        .isPresent();
  }

  private static boolean isCbor(Context.ModifyHttpResponse context) {
    return context
        .httpResponse()
        .firstMatchingHeader("Content-Type")
        .filter(type -> type.startsWith(CBOR))
        .isPresent();
  }
}
