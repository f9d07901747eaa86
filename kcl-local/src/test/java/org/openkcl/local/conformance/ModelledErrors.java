package org.openkcl.local.conformance;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.AccessDeniedException;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.KinesisRequest;
import software.amazon.awssdk.services.kinesis.model.LimitExceededException;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;

/**
 * The operations of the SDK's Kinesis client and the errors it declares for each, taken from its
 * classes. Only the errors of SubscribeToShard are written down here, because the synchronous client,
 * whose methods declare their exceptions, does not have that operation.
 */
final class ModelledErrors {
  private static final String SUBSCRIBE = "SubscribeToShard";

  /** API reference, SubscribeToShard, Errors. */
  private static final Set<Class<?>> SUBSCRIBE_ERRORS = Set.of(
      AccessDeniedException.class,
      InvalidArgumentException.class,
      LimitExceededException.class,
      ResourceInUseException.class,
      ResourceNotFoundException.class);

  private ModelledErrors() {}

  /** Error names by operation. */
  static NavigableMap<String, NavigableSet<String>> all() {
    NavigableMap<String, NavigableSet<String>> errors = new TreeMap<>();
    for (Method method : KinesisAsyncClient.class.getMethods()) {
      for (Class<?> parameter : method.getParameterTypes()) {
        if (isRequest(parameter)) {
          String operation = operation(parameter);
          errors.put(
              operation, operation.equals(SUBSCRIBE) ? names(SUBSCRIBE_ERRORS) : of(operation));
        }
      }
    }
    return Collections.unmodifiableNavigableMap(errors);
  }

  static String operation(Class<?> request) {
    String name = request.getSimpleName();
    return name.substring(0, name.length() - "Request".length());
  }

  private static NavigableSet<String> of(String operation) {
    Method method = Arrays.stream(KinesisClient.class.getMethods())
        .filter(each -> each.getName().equalsIgnoreCase(operation))
        .filter(each -> each.getParameterCount() == 1 && isRequest(each.getParameterTypes()[0]))
        .findFirst()
        .orElseThrow(() -> new AssertionError("KinesisClient has no " + operation));
    return names(Arrays.stream(method.getExceptionTypes())
        .filter(type -> KinesisException.class.isAssignableFrom(type))
        .filter(type -> type != KinesisException.class)
        .collect(Collectors.toSet()));
  }

  private static NavigableSet<String> names(Set<Class<?>> errors) {
    return errors.stream().map(Class::getSimpleName).collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean isRequest(Class<?> type) {
    return KinesisRequest.class.isAssignableFrom(type);
  }
}
