package org.openkcl.local.http;

import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.UUID;
import org.eclipse.jetty.http.DateGenerator;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.openkcl.local.model.metrics.LocalMetrics;

/** Takes CloudWatch requests off HTTP and puts the replies on it. */
public final class MetricsHandler extends Handler.Abstract {
  private static final int BODY_BYTES_MAX = 2 * 1024 * 1024;

  private final MetricsApi api;
  private final InstantSource clock;

  /**
   * A handler for one set of metrics.
   *
   * @param clock tells the Date header of every reply
   */
  public MetricsHandler(Guarded<LocalMetrics> metrics, InstantSource clock) {
    this.api = new MetricsApi(metrics);
    this.clock = clock;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (request.getLength() > BODY_BYTES_MAX) {
      OversizedBody.discard(request, () -> refuseTooLarge(response, callback));
      return true;
    }
    Content.Source.asByteArrayAsync(
        request,
        BODY_BYTES_MAX,
        Promise.Invocable.from(
            InvocationType.BLOCKING,
            body -> answer(request, body, response, callback),
            failure -> refuse(failure, response, callback)));
    return true;
  }

  private void answer(Request request, byte[] body, Response response, Callback callback) {
    HttpFields headers = request.getHeaders();
    String requestId = UUID.randomUUID().toString();
    try {
      MetricsApi.Call call = new MetricsApi.Call(
          request.getHttpURI().getCanonicalPath(),
          headers.get("X-Amz-Target"),
          headers.get(HttpHeader.CONTENT_TYPE),
          headers.get(HttpHeader.CONTENT_ENCODING),
          body);
      send(api.answer(call, requestId), requestId, response, callback);
    } catch (RuntimeException | Error defect) {
      callback.failed(defect);
    }
  }

  private void refuse(Throwable failure, Response response, Callback callback) {
    if (failure instanceof IllegalStateException) {
      refuseTooLarge(response, callback);
    } else {
      callback.failed(failure);
    }
  }

  private void refuseTooLarge(Response response, Callback callback) {
    String requestId = UUID.randomUUID().toString();
    send(MetricsApi.tooLarge(requestId), requestId, response, callback);
  }

  private void send(
      MetricsApi.Answer answer, String requestId, Response response, Callback callback) {
    response.setStatus(answer.status());
    HttpFields.Mutable headers = response.getHeaders();
    answer.headers().forEach(headers::put);
    headers.put(HttpHeader.CONTENT_LENGTH, answer.body().length);
    headers.put(HttpHeader.DATE, DateGenerator.formatDate(clock.millis()));
    headers.put("x-amzn-RequestId", requestId);
    response.write(true, ByteBuffer.wrap(answer.body()), callback);
  }
}
