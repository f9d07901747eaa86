package org.openkcl.local.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.model.metrics.MetricException;

/** The protocols in which clients speak to CloudWatch; all carry the same members. */
enum MetricProtocol {
  /** Smithy RPC v2: the operation in the path, CBOR; what the SDK for Java sends. */
  RPC_V2_CBOR,
  /** The operation in a header, JSON. */
  JSON,
  /** The operation and all members in a form, replies in XML; what older SDKs send. */
  QUERY;

  private static final Pattern RPC_PATH = Pattern.compile("/service/[^/]+/operation/([^/]+)/?");

  /** Codes whose exceptions are called otherwise where they have a name of their own. */
  private static final Map<String, String> EXCEPTIONS = Map.of(
      "InvalidParameterValue", "InvalidParameterValueException",
      "InvalidParameterCombination", "InvalidParameterCombinationException",
      "MissingParameter", "MissingRequiredParameterException",
      "LimitExceeded", "LimitExceededFault");

  /** An operation and its members. */
  record Request(String operation, MetricParams parameters) {}

  static MetricProtocol of(MetricsApi.Call call) {
    if (RPC_PATH.matcher(call.path()).matches()) {
      return RPC_V2_CBOR;
    }
    return call.target() != null ? JSON : QUERY;
  }

  Request read(MetricsApi.Call call, byte[] body) {
    return switch (this) {
      case RPC_V2_CBOR -> {
        Matcher path = RPC_PATH.matcher(call.path());
        yield new Request(
            path.matches() ? path.group(1) : "", new MetricParams("", Wire.CBOR.members(body)));
      }
      case JSON ->
        new Request(operation(call.target()), new MetricParams("", Wire.JSON.members(body)));
      case QUERY -> {
        MetricParams form = new MetricParams("", QueryForm.members(new String(body, UTF_8)));
        String action = form.textOrNull("Action");
        if (action == null) {
          throw new MetricException(
              "MissingAction",
              "This is the CloudWatch intake of kcl-local: send an operation as a form with"
                  + " Action=..., as JSON with X-Amz-Target, or as Smithy RPC v2 CBOR");
        }
        yield new Request(action, form);
      }
    };
  }

  MetricsApi.Answer reply(String operation, Map<String, Object> members, String requestId) {
    return new MetricsApi.Answer(
        200,
        headers(null),
        switch (this) {
          case RPC_V2_CBOR -> MetricTree.cbor(members);
          case JSON -> MetricTree.json(members);
          case QUERY -> MetricTree.xml(operation, members, requestId);
        });
  }

  MetricsApi.Answer error(int status, String code, String message, String requestId) {
    String exception = EXCEPTIONS.getOrDefault(code, code);
    Map<String, Object> members = Map.of("__type", exception, "message", message);
    return new MetricsApi.Answer(
        status,
        headers(code + ";" + (status < 500 ? "Sender" : "Receiver")),
        switch (this) {
          case RPC_V2_CBOR -> MetricTree.cbor(members);
          case JSON -> MetricTree.json(members);
          case QUERY -> MetricTree.xmlError(code, message, requestId);
        });
  }

  private Map<String, String> headers(@Nullable String queryError) {
    return switch (this) {
      case RPC_V2_CBOR ->
        queryError == null
            ? Map.of("Content-Type", "application/cbor", "smithy-protocol", "rpc-v2-cbor")
            : Map.of(
                "Content-Type",
                "application/cbor",
                "smithy-protocol",
                "rpc-v2-cbor",
                "x-amzn-query-error",
                queryError);
      case JSON -> Map.of("Content-Type", "application/x-amz-json-1.0");
      case QUERY -> Map.of("Content-Type", "text/xml");
    };
  }

  private static String operation(@Nullable String target) {
    return target == null ? "" : target.substring(target.indexOf('.') + 1);
  }
}
