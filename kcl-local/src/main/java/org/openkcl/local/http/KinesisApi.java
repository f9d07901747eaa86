package org.openkcl.local.http;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.faults.FaultEffect;
import org.openkcl.local.faults.FaultError;
import org.openkcl.local.model.Call;
import org.openkcl.local.model.LocalStreams;
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

  private static final Pattern READING_OR_PUTTING =
      Pattern.compile("Get|List|Describe|Subscribe|PutRecord");

  private static final Map<String, Operation> OPERATIONS = Stream.of(
          StreamOperations.ALL,
          ShardOperations.ALL,
          RecordOperations.ALL,
          SettingsOperations.ALL,
          TagOperations.ALL,
          PolicyOperations.ALL,
          ConsumerOperations.ALL)
      .flatMap(operations -> operations.entrySet().stream())
      .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private final GuardedStreams streams;
  private final GuardedFaults faults;

  KinesisApi(GuardedStreams streams, GuardedFaults faults) {
    this.streams = streams;
    this.faults = faults;
  }

  /**
   * A reply.
   *
   * @param status 200, 400, 413, with a fault on command 500 or 503, for a defect of ours 500
   * @param errorType null unless it is an error
   * @param opened the subscription whose events are the body; null unless it is one
   * @param fault what else is to go wrong with it
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  record Answer(
      int status,
      @Nullable String errorType,
      Wire wire,
      byte[] body,
      @Nullable OpenedSubscription opened,
      FaultEffect fault) {
    private Answer with(FaultEffect newFault) {
      return new Answer(status, errorType, wire, body, opened, newFault);
    }
  }

  /** A request that could be read. */
  private record Received(
      String principal, String name, Operation operation, Wire wire, Params in) {}

  /**
   * Answers a request.
   *
   * @param principal the access key id that it was signed with; empty for none
   */
  Answer answer(
      @Nullable String target, @Nullable String contentType, String principal, byte[] body) {
    Wire wire = Wire.of(contentType);
    Received call;
    try {
      String name = name(target);
      call = new Received(principal, name, operation(name), wire, wire.read(body));
    } catch (StreamException unreadable) {
      return error(wire, 400, unreadable.errorType(), unreadable.getMessage());
    }
    FaultEffect fault = faults.ask(rules ->
        rules.isEmpty() ? FaultEffect.NONE : rules.onCall(CallScope.of(call.name(), call.in())));
    return answer(call, fault).with(fault);
  }

  private Answer answer(Received call, FaultEffect fault) {
    return switch (fault.outcome()) {
      case ANSWER, LOSE_REPLY -> answer(call);
      case REFUSE -> {
        FaultError error = fault.requiredError();
        yield error(call.wire(), error.status(), error.type(), error.message());
      }
      case RESET -> new Answer(0, null, call.wire(), new byte[0], null, fault);
    };
  }

  private Answer answer(Received call) {
    Wire wire = call.wire();
    try {
      Operation.Question question = call.operation().prepare(call.in());
      Call asked = new Call(call.principal(), call.name());
      String stream = CallScope.of(call.name(), call.in()).stream();
      Function<LocalStreams, ReplyBody> asking = model -> model.control().during(asked, () -> {
        model.countCall(asked, stream);
        return question.ask(model);
      });
      ReplyBody reply =
          leavesSettings(call.name()) ? streams.askRecords(asking) : streams.ask(asking);
      return reply instanceof OpenedSubscription opened
          ? new Answer(200, null, wire, new byte[0], opened, FaultEffect.NONE)
          : new Answer(200, null, wire, wire.write(reply), null, FaultEffect.NONE);
    } catch (StreamException modelled) {
      int status = modelled.errorType().startsWith("InternalFailure") ? 500 : 400;
      return error(wire, status, modelled.errorType(), modelled.getMessage());
    } catch (RuntimeException defect) {
      log.error("A defect in kcl-local: {} failed", call.name(), defect);
      return error(wire, 500, "InternalFailure", "A defect in kcl-local: " + defect);
    }
  }

  /** The names of all operations that are supported. */
  static Set<String> operations() {
    return OPERATIONS.keySet();
  }

  /** Whether an operation only reads, or puts records. */
  private static boolean leavesSettings(String name) {
    return READING_OR_PUTTING.matcher(name).lookingAt();
  }

  /** The reply to a body larger than any request may be. */
  static Answer tooLarge(@Nullable String contentType) {
    return error(
        Wire.of(contentType), 413, "RequestEntityTooLargeException", "The request is too large");
  }

  /** The reply to a request that is refused before it is looked at. */
  static Answer refused(@Nullable String contentType, StreamException refusal) {
    return error(Wire.of(contentType), 400, refusal.errorType(), refusal.getMessage());
  }

  private static Answer error(Wire wire, int status, String type, String message) {
    byte[] body = wire.write(out -> {
      out.text("__type", type);
      out.text("message", message);
    });
    return new Answer(status, type, wire, body, null, FaultEffect.NONE);
  }

  private static String name(@Nullable String target) {
    if (target == null || !target.startsWith(TARGET_PREFIX)) {
      throw unknown(
          "This is Kinesis Data Streams by kcl-local: send a POST with the header X-Amz-Target:"
              + " Kinesis_20131202.<Operation>. Got X-Amz-Target: "
              + target);
    }
    return target.substring(TARGET_PREFIX.length());
  }

  private static Operation operation(String name) {
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
