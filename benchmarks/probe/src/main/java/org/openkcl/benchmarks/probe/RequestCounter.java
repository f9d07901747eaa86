package org.openkcl.benchmarks.probe;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/**
 * Counts what a worker asks of AWS, by operation, as the SDK's attempts; and the read units that
 * DynamoDB says reads have taken. Thread-safe.
 */
public final class RequestCounter implements ExecutionInterceptor {
  private final Map<String, LongAdder> attempts = new ConcurrentHashMap<>();
  private final DoubleAdder readUnits = new DoubleAdder();

  RequestCounter() {}

  @Override
  public SdkRequest modifyRequest(
      Context.ModifyRequest context, ExecutionAttributes executionAttributes) {
    SdkRequest request = context.request();
    if (request instanceof ScanRequest scan) {
      return scan.toBuilder()
          .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
          .build();
    }
    if (request instanceof QueryRequest query) {
      return query.toBuilder()
          .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
          .build();
    }
    if (request instanceof GetItemRequest item) {
      return item.toBuilder()
          .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
          .build();
    }
    return request;
  }

  @Override
  public void afterTransmission(
      Context.AfterTransmission context, ExecutionAttributes executionAttributes) {
    String operation = executionAttributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME)
        + "."
        + executionAttributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
    attempts.computeIfAbsent(operation, unknown -> new LongAdder()).increment();
  }

  @Override
  public void afterExecution(
      Context.AfterExecution context, ExecutionAttributes executionAttributes) {
    SdkResponse response = context.response();
    if (response instanceof ScanResponse scan) {
      add(scan.consumedCapacity());
    } else if (response instanceof QueryResponse query) {
      add(query.consumedCapacity());
    } else if (response instanceof GetItemResponse item) {
      add(item.consumedCapacity());
    }
  }

  /** How many of an operation; {@code Kinesis.GetRecords}. */
  long attempts(String operation) {
    LongAdder counted = attempts.get(operation);
    return counted == null ? 0 : counted.sum();
  }

  double readUnits() {
    return readUnits.sum();
  }

  /** {@code Kinesis.GetRecords=12}, in the order of names. */
  List<String> describe() {
    Map<String, Long> sums = new TreeMap<>();
    attempts.forEach((operation, count) -> sums.put(operation, count.sum()));
    return sums.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .toList();
  }

  private void add(@Nullable ConsumedCapacity capacity) {
    if (capacity != null && capacity.capacityUnits() != null) {
      readUnits.add(capacity.capacityUnits());
    }
  }
}
