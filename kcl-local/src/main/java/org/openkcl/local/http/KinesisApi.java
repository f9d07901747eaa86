package org.openkcl.local.http;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.model.StreamException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Kinesis API as a function from request to reply, without HTTP. Every request passes through
 * {@link #answer}, one at a time while it is with the model.
 */
final class KinesisApi {
  private static final Logger log = LoggerFactory.getLogger(KinesisApi.class);
  private static final String TARGET_PREFIX = "Kinesis_20131202.";

  private static final Map<String, Operation> OPERATIONS = Stream.of(
          StreamOperations.ALL, ShardOperations.ALL, RecordOperations.ALL)
      .flatMap(operations -> operations.entrySet().stream())
      .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private final GuardedStreams streams;

  KinesisApi(GuardedStreams streams) {
    this.streams = streams;
  }

  /**
   * A reply.
   *
   * @param status 200, 400, 413 or, for a defect of ours, 500
   * @param errorType null unless it is an error
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  record Answer(int status, @Nullable String errorType, Wire wire, byte[] body) {}

  Answer answer(@Nullable String target, @Nullable String contentType, byte[] body) {
    Wire wire = Wire.of(contentType);
    try {
      Operation operation = operation(target);
      Operation.Question question = operation.prepare(wire.read(body));
      return new Answer(200, null, wire, wire.write(streams.ask(question::ask)));
    } catch (StreamException modelled) {
      return error(wire, 400, modelled.errorType(), modelled.getMessage());
    } catch (RuntimeException defect) {
      log.error("A defect in kcl-local: {} failed", target, defect);
      return error(wire, 500, "InternalFailure", "A defect in kcl-local: " + defect);
    }
  }

  /** The reply to a body larger than any request may be. */
  static Answer tooLarge(@Nullable String contentType) {
    return error(
        Wire.of(contentType), 413, "RequestEntityTooLargeException", "The request is too large");
  }

  private static Answer error(Wire wire, int status, String type, String message) {
    byte[] body = wire.write(out -> {
      out.text("__type", type);
      out.text("message", message);
    });
    return new Answer(status, type, wire, body);
  }

  private static Operation operation(@Nullable String target) {
    if (target == null || !target.startsWith(TARGET_PREFIX)) {
      throw unknown(
          "This is Kinesis Data Streams by kcl-local: send a POST with the header X-Amz-Target:"
              + " Kinesis_20131202.<Operation>. Got X-Amz-Target: "
              + target);
    }
    String name = target.substring(TARGET_PREFIX.length());
    Operation operation = OPERATIONS.get(name);
    if (operation == null) {
      throw unknown(name
          + " is not supported by kcl-local. Supported: "
          + Arrays.toString(OPERATIONS.keySet().stream().sorted().toArray()));
    }
    return operation;
  }

  private static StreamException unknown(String message) {
    return new StreamException("UnknownOperationException", message);
  }
}
