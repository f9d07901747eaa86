package org.openkcl.local.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.openkcl.local.model.StreamException;
import org.openkcl.local.model.SubscriptionEvent;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/**
 * The messages of SubscribeToShard's reply in the AWS event stream encoding. Their payloads are JSON,
 * whichever encoding the request had.
 */
final class EventMessages {
  static final String CONTENT_TYPE = "application/vnd.amazon.eventstream";

  private EventMessages() {}

  /** The first message; clients that do not get it do not report the response. */
  static ByteBuffer initialResponse() {
    return event("initial-response", ReplyBody.EMPTY);
  }

  static ByteBuffer event(SubscriptionEvent event) {
    return event("SubscribeToShardEvent", out -> write(out, event));
  }

  /** What ends a stream of events that fails. */
  static ByteBuffer exception(StreamException error) {
    return message(
        "exception",
        ":exception-type",
        error.errorType(),
        out -> out.text("message", error.getMessage()));
  }

  private static ByteBuffer event(String type, ReplyBody payload) {
    return message("event", ":event-type", type, payload);
  }

  private static ByteBuffer message(
      String messageType, String typeHeader, String type, ReplyBody payload) {
    Map<String, HeaderValue> headers = Map.of(
        ":message-type",
        HeaderValue.fromString(messageType),
        typeHeader,
        HeaderValue.fromString(type),
        ":content-type",
        HeaderValue.fromString("application/json"));
    return new Message(headers, Wire.JSON.write(payload)).toByteBuffer();
  }

  private static void write(ReplyWriter out, SubscriptionEvent event) throws IOException {
    out.objects("Records", event.records(), RecordOperations::writeRecord);
    out.text("ContinuationSequenceNumber", event.continuationSequenceNumber());
    out.number("MillisBehindLatest", event.millisBehindLatest());
    if (!event.childShards().isEmpty()) {
      out.objects("ChildShards", event.childShards(), RecordOperations::writeChild);
    }
  }
}
