package org.openkcl.local.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.faults.Fault;
import org.openkcl.local.faults.FaultKind;
import org.openkcl.local.model.NewStream;
import software.amazon.awssdk.services.kinesis.model.AccessDeniedException;
import software.amazon.awssdk.services.kinesis.model.InternalFailureException;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.KinesisRequest;
import software.amazon.awssdk.services.kinesis.model.KinesisResponse;
import software.amazon.awssdk.services.kinesis.model.LimitExceededException;
import software.amazon.awssdk.services.kinesis.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;

/** The cases of one operation, and the errors it never gives here. */
final class Rows {
  /** Makes a good request about a stream. */
  @FunctionalInterface
  interface Request {
    KinesisRequest about(Stage stage, @Nullable String stream);
  }

  private final String operation;
  private final Request good;
  private NewStream stream = NewStream.provisioned("new", 2);
  private final List<Case> cases = new ArrayList<>();
  private final NavigableMap<String, String> never = new TreeMap<>();

  private Rows(String operation, Request good) {
    this.operation = operation;
    this.good = good;
  }

  static Rows on(String operation, Request good) {
    return new Rows(operation, good);
  }

  String operation() {
    return operation;
  }

  List<Case> cases() {
    return cases;
  }

  /** Why, by the error's name. */
  NavigableMap<String, String> never() {
    return never;
  }

  /** The kind of stream that the good request is about. */
  Rows about(NewStream kind) {
    stream = kind;
    return this;
  }

  /** The good request is answered. */
  <R extends KinesisResponse> Rows ok(Class<R> type, Consumer<R> check) {
    return ok("a good request", this::goodRequest, type, check);
  }

  <R extends KinesisResponse> Rows ok(
      String what, Function<Stage, KinesisRequest> request, Class<R> type, Consumer<R> check) {
    cases.add(new Case(
        operation, what, request, reply -> check.accept(type.cast(reply)), null, "", false));
    return this;
  }

  Rows refuses(
      Class<? extends KinesisException> error,
      String message,
      String what,
      Function<Stage, KinesisRequest> request) {
    return refuses(error, message, what, request, false);
  }

  private Rows refuses(
      Class<? extends KinesisException> error,
      String message,
      String what,
      Function<Stage, KinesisRequest> request,
      boolean scripted) {
    cases.add(new Case(operation, what, request, null, error, message, scripted));
    return this;
  }

  Rows unknownStream() {
    return refuses(
        ResourceNotFoundException.class,
        "Stream absent under account 000000000000 not found.",
        "for a stream that there is not",
        stage -> good.about(stage, "absent"));
  }

  Rows noStream() {
    return refuses(
        InvalidArgumentException.class,
        "Either StreamName or StreamARN must be provided.",
        "without a stream",
        stage -> good.about(stage, null));
  }

  Rows creatingStream() {
    return refuses(
        ResourceInUseException.class,
        "CREATING",
        "while the stream is being created",
        stage -> good.about(stage, stage.creating(stream)));
  }

  Rows deniedByPolicy() {
    return refuses(
        AccessDeniedException.class,
        "is not authorized to perform: kinesis:" + operation,
        "by the stream's policy",
        stage -> {
          String name = stage.active(stream);
          KinesisRequest request = good.about(stage, name);
          stage.deny(name, operation);
          return request;
        });
  }

  Rows deniedByFault() {
    return struck(FaultKind.ACCESS_DENIED, AccessDeniedException.class, "is not authorized");
  }

  Rows throttledByFault() {
    return struck(FaultKind.THROTTLE, LimitExceededException.class, "Rate exceeded");
  }

  Rows shardThrottledByFault() {
    return struck(
        FaultKind.THROTTLE, ProvisionedThroughputExceededException.class, "Rate exceeded");
  }

  Rows failsByFault() {
    return struck(FaultKind.INTERNAL_FAILURE, InternalFailureException.class, "Internal");
  }

  private Rows struck(FaultKind kind, Class<? extends KinesisException> error, String message) {
    return refuses(
        error,
        message,
        "by a fault on command",
        stage -> {
          KinesisRequest request = goodRequest(stage);
          stage.cloud().faults().add(Fault.of(kind).on(operation).next(1));
          return request;
        },
        true);
  }

  /** The six errors of KMS, for a request that is good while the key is. */
  Rows keyTroubles(Request request) {
    KeyTrouble.ALL.forEach(trouble ->
        refuses(trouble.error(), trouble.message(), "when the key is not usable", stage -> {
          String name = stage.active(stream);
          String key = stage.newKey();
          KinesisRequest prepared = request.about(stage.with(key), name);
          trouble.make().accept(stage.cloud().keys(), key);
          return prepared;
        }));
    return this;
  }

  /** The operation never gives this error here. */
  Rows never(Class<? extends KinesisException> error, String why) {
    never.put(error.getSimpleName(), why);
    return this;
  }

  KinesisRequest goodRequest(Stage stage) {
    return good.about(stage, stage.active(stream));
  }
}
