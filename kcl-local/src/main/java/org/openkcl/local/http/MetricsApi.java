package org.openkcl.local.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.model.StreamException;
import org.openkcl.local.model.metrics.LocalMetrics;
import org.openkcl.local.model.metrics.MetricException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The CloudWatch API as a function from request to reply, without HTTP: what is published and what
 * asks for it, in the three protocols that clients speak.
 */
final class MetricsApi {
  private static final Logger log = LoggerFactory.getLogger(MetricsApi.class);

  /** Several times what the service takes, and far from filling the heap. */
  private static final int UNPACKED_BYTES_MAX = 16 * 1024 * 1024;

  private final Guarded<LocalMetrics> metrics;

  MetricsApi(Guarded<LocalMetrics> metrics) {
    this.metrics = metrics;
  }

  /** A request; each header null when it was not sent. */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  record Call(
      String path,
      @Nullable String target,
      @Nullable String contentType,
      @Nullable String contentEncoding,
      byte[] body) {}

  /** A reply; its status is 200, 400, 404, 413 or, for a defect of ours, 500. */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  record Answer(int status, Map<String, String> headers, byte[] body) {}

  Answer answer(Call call, String requestId) {
    MetricProtocol protocol = MetricProtocol.of(call);
    try {
      MetricProtocol.Request request = protocol.read(call, unpacked(call));
      MetricOperations.Operation operation = MetricOperations.ALL.get(request.operation());
      if (operation == null) {
        throw new MetricException(
            "InvalidAction",
            request.operation()
                + " is not supported by kcl-local's CloudWatch intake. Supported: "
                + MetricOperations.NAMES);
      }
      Map<String, Object> reply =
          metrics.ask(store -> operation.answer(store, request.parameters()));
      return protocol.reply(request.operation(), reply, requestId);
    } catch (MetricException modelled) {
      return protocol.error(400, modelled.code(), modelled.getMessage(), requestId);
    } catch (StreamException unreadable) {
      return protocol.error(400, "SerializationException", unreadable.getMessage(), requestId);
    } catch (RuntimeException defect) {
      log.error("A defect in kcl-local: {} {} failed", call.path(), call.target(), defect);
      return protocol.error(
          500, "InternalServiceFault", "A defect in kcl-local: " + defect, requestId);
    }
  }

  /** The reply to a body larger than any request may be. */
  static Answer tooLarge(String requestId) {
    return MetricProtocol.QUERY.error(
        413, "RequestEntityTooLarge", "The request is too large", requestId);
  }

  private static byte[] unpacked(Call call) {
    if (call.contentEncoding() == null || !call.contentEncoding().contains("gzip")) {
      return call.body();
    }
    try (GZIPInputStream packed = new GZIPInputStream(new ByteArrayInputStream(call.body()))) {
      byte[] body = packed.readNBytes(UNPACKED_BYTES_MAX + 1);
      if (body.length > UNPACKED_BYTES_MAX) {
        throw new MetricException("RequestEntityTooLarge", "The unpacked request is too large");
      }
      return body;
    } catch (IOException notGzip) {
      throw new MetricException("SerializationException", "The body is not well-formed gzip");
    }
  }
}
