package org.openkcl.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.openkcl.local.LocalCloud;
import org.openkcl.local.model.StreamDescription;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/** Starts a cloud for a class with {@link LocalStream} and lends it to the tests. */
final class LocalStreamExtension
    implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(LocalStreamExtension.class);

  /** In a store, it is closed when the class that it was started for is done. */
  private record Started(LocalCloud cloud) implements AutoCloseable {
    @Override
    public void close() {
      cloud.close();
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    if (started(context).isEmpty()) {
      Started started = new Started(LocalCloud.start());
      context.getStore(NAMESPACE).put(Started.class, started);
    }
    begin(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    begin(context);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == LocalCloud.class
        || type == KinesisAsyncClient.class
        || type == DynamoDbAsyncClient.class
        || (type == String.class && parameter.isAnnotated(LocalStream.Name.class));
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    if (type == String.class) {
      return onlyName(context);
    }
    LocalCloud cloud = cloud(context);
    if (type == KinesisAsyncClient.class) {
      return cloud.kinesis();
    }
    return type == DynamoDbAsyncClient.class ? cloud.dynamoDb() : cloud;
  }

  /** Nothing but the streams that are named, and these empty. */
  private static void begin(ExtensionContext context) {
    LocalCloud cloud = cloud(context);
    List<LocalStream> named = named(context);
    cloud.changeStreams(streams -> {
      streams.listStreams().stream()
          .map(StreamDescription::name)
          .toList()
          .forEach(streams::deleteStream);
      named.forEach(stream -> streams.createStream(stream.name(), stream.shards()));
    });
    DynamoDbAsyncClient dynamoDb = cloud.dynamoDb();
    dynamoDb
        .listTables()
        .join()
        .tableNames()
        .forEach(table -> dynamoDb.deleteTable(b -> b.tableName(table)).join());
    cloud.metrics(metrics -> {
      metrics.clear();
      return true;
    });
  }

  private static String onlyName(ExtensionContext context) {
    List<LocalStream> named = named(context);
    if (named.size() != 1) {
      throw new ParameterResolutionException("@LocalStream.Name is for tests with one stream: got "
          + named.stream().map(LocalStream::name).toList()
          + ". Write the name that is meant in place of the parameter.");
    }
    return named.get(0).name();
  }

  /** The streams of the class and of the classes that it is nested in. */
  private static List<LocalStream> named(ExtensionContext context) {
    List<LocalStream> named = new ArrayList<>();
    for (Class<?> type = context.getRequiredTestClass();
        type != null;
        type = type.getEnclosingClass()) {
      named.addAll(List.of(type.getAnnotationsByType(LocalStream.class)));
    }
    if (named.isEmpty()) {
      throw new ExtensionConfigurationException(
          "No @LocalStream on " + context.getRequiredTestClass().getName());
    }
    return named;
  }

  private static LocalCloud cloud(ExtensionContext context) {
    return started(context)
        .orElseThrow(() -> new IllegalStateException("No LocalCloud was started for this class"))
        .cloud();
  }

  private static Optional<Started> started(ExtensionContext context) {
    return Optional.ofNullable(context.getStore(NAMESPACE).get(Started.class, Started.class));
  }
}
