package org.openkcl.leases.dynamodb;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The size of an item as DynamoDB counts it, for services that do not say what a scan cost. After
 * "DynamoDB item sizes and formats" in the developer guide.
 */
final class ItemSize {
  private static final double BYTES_PER_READ_UNIT = 8 * 1024;
  private static final int CONTAINER = 3;

  private ItemSize() {}

  /** Bytes. */
  static long of(Map<String, AttributeValue> item) {
    return item.entrySet().stream()
        .mapToLong(attribute -> text(attribute.getKey()) + of(attribute.getValue()))
        .sum();
  }

  /** What reading that many bytes costs in one eventually consistent scan request. */
  static double readUnits(long bytes) {
    return Math.max(1, Math.ceil(2 * bytes / BYTES_PER_READ_UNIT)) / 2;
  }

  private static long of(AttributeValue value) {
    return switch (value.type()) {
      case S -> text(value.s());
      case N -> number(value.n());
      case B -> value.b().asByteArrayUnsafe().length;
      case SS -> value.ss().stream().mapToLong(ItemSize::text).sum();
      case NS -> value.ns().stream().mapToLong(ItemSize::number).sum();
      case BS ->
        value.bs().stream().mapToLong(b -> b.asByteArrayUnsafe().length).sum();
      case M -> CONTAINER + value.m().size() + of(value.m());
      case L -> CONTAINER + value.l().stream().mapToLong(v -> 1 + of(v)).sum();
      case BOOL, NUL, UNKNOWN_TO_SDK_VERSION -> 1;
    };
  }

  private static long number(String digits) {
    return 1L + (digits.length() + 1) / 2;
  }

  private static long text(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
