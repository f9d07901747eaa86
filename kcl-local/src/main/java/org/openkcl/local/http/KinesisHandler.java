package org.openkcl.local.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.DateGenerator;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.model.StreamException;

/** Takes Kinesis requests off HTTP and puts the replies on it. */
public final class KinesisHandler extends Handler.Abstract {
  /** Above the service's 5 MiB of PutRecords in Base64, and far from filling the heap. */
  private static final int BODY_BYTES_MAX = 16 * 1024 * 1024;

  private final KinesisApi api;
  private final SubscriptionFeeds feeds;
  private final InstantSource clock;
  private final Signatures signatures;
  private final long requestIdHigh = UUID.randomUUID().getMostSignificantBits();
  private final AtomicLong requestIdLow = new AtomicLong();

  /**
   * A handler for one set of streams.
   *
   * @param clock tells the Date header of every reply
   * @param signatures which requests to refuse
   */
  public KinesisHandler(
      GuardedStreams streams, GuardedFaults faults, InstantSource clock, Signatures signatures) {
    this.api = new KinesisApi(streams, faults);
    this.feeds = new SubscriptionFeeds(streams, faults);
    this.clock = clock;
    this.signatures = signatures;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (request.getLength() > BODY_BYTES_MAX) {
      KinesisApi.Answer refusal = KinesisApi.tooLarge(header(request, HttpHeader.CONTENT_TYPE));
      OversizedBody.discard(request, () -> send(refusal, response, callback));
      return true;
    }
    Content.Source.asByteArrayAsync(
        request,
        BODY_BYTES_MAX,
        Promise.Invocable.from(
            InvocationType.BLOCKING,
            body -> answer(request, body, response, callback),
            failure -> refuse(request, failure, response, callback)));
    return true;
  }

  private void answer(Request request, byte[] body, Response response, Callback callback) {
    try {
      String target = request.getHeaders().get("X-Amz-Target");
      String contentType = header(request, HttpHeader.CONTENT_TYPE);
      String principal = Authorization.accessKeyId(header(request, HttpHeader.AUTHORIZATION));
      StreamException refusal = signatures.refusal(() -> signed(request, body));
      KinesisApi.Answer answer = refusal == null
          ? api.answer(target, contentType, principal, body)
          : KinesisApi.refused(contentType, refusal);
      Duration delay = answer.fault().delay();
      if (delay.isZero()) {
        deliver(answer, request, response, callback);
      } else {
        Scheduler timer = request.getConnectionMetaData().getConnector().getScheduler();
        timer.schedule(() -> deliver(answer, request, response, callback), delay);
      }
    } catch (RuntimeException | Error defect) {
      callback.failed(defect);
    }
  }

  private static SignedRequest signed(Request request, byte[] body) {
    List<SignedRequest.Header> headers = request.getHeaders().stream()
        .map(field -> new SignedRequest.Header(field.getName(), field.getValue()))
        .toList();
    String query = request.getHttpURI().getQuery();
    return new SignedRequest(
        request.getMethod(),
        request.getHttpURI().getPath(),
        query == null ? "" : query,
        request.getHttpURI().getAuthority(),
        headers,
        body);
  }

  private void deliver(
      KinesisApi.Answer answer, Request request, Response response, Callback callback) {
    switch (answer.fault().outcome()) {
      case ANSWER, REFUSE -> send(answer, request, response, callback);
      case LOSE_REPLY -> FaultyDelivery.breakOff(request, response, callback);
      case RESET -> FaultyDelivery.resetConnection(request, response, callback);
    }
  }

  private void refuse(Request request, Throwable failure, Response response, Callback callback) {
    if (failure instanceof IllegalStateException) {
      send(KinesisApi.tooLarge(header(request, HttpHeader.CONTENT_TYPE)), response, callback);
    } else {
      callback.failed(failure);
    }
  }

  private void send(
      KinesisApi.Answer answer, Request request, Response response, Callback callback) {
    OpenedSubscription opened = answer.opened();
    if (opened == null) {
      send(answer, response, callback);
    } else {
      response.setStatus(answer.status());
      putHeaders(response, EventMessages.CONTENT_TYPE);
      feeds.start(opened, request, response, callback);
    }
  }

  private void send(KinesisApi.Answer answer, Response response, Callback callback) {
    response.setStatus(answer.status());
    HttpFields.Mutable headers = putHeaders(response, answer.wire().contentType());
    headers.put(HttpHeader.CONTENT_LENGTH, answer.body().length);
    if (answer.errorType() != null) {
      headers.put("x-amzn-ErrorType", answer.errorType());
    }
    response.write(true, ByteBuffer.wrap(answer.body()), callback);
  }

  private HttpFields.Mutable putHeaders(Response response, String contentType) {
    return response
        .getHeaders()
        .put(HttpHeader.CONTENT_TYPE, contentType)
        .put(HttpHeader.DATE, DateGenerator.formatDate(clock.millis()))
        .put("x-amzn-RequestId", requestId());
  }

  private String requestId() {
    return new UUID(requestIdHigh, requestIdLow.incrementAndGet()).toString();
  }

  private static @Nullable String header(Request request, HttpHeader name) {
    return request.getHeaders().get(name);
  }
}
