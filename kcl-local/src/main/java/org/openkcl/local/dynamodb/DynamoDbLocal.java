package org.openkcl.local.dynamodb;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.http.LoopbackServer;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/**
 * A DynamoDB of one's own. All credentials and regions see the same tables.
 *
 * <p>Amazon's own starter binds every network interface and sends telemetry, so it is not used: only
 * its request handler is, behind a server of ours.
 */
public final class DynamoDbLocal implements AutoCloseable {
  private final LoopbackServer server;
  private final LocalDynamoDBServerHandler handler;

  private DynamoDbLocal(LoopbackServer server, LocalDynamoDBServerHandler handler) {
    this.server = server;
    this.handler = handler;
  }

  /**
   * Starts an empty one.
   *
   * @param port 0 for any free one
   * @throws IllegalStateException when the port is taken, or on a kind of machine for which there is
   *     no native library
   */
  public static DynamoDbLocal start(int port) {
    return start(port, null);
  }

  /**
   * Starts one with the tables that are in a folder.
   *
   * @param port 0 for any free one
   * @param folder created when it does not exist; null for none, in memory
   * @throws IllegalStateException as {@link #start(int)}, and when the folder cannot be used
   */
  public static DynamoDbLocal start(int port, @Nullable Path folder) {
    QuietLogs.install();
    NativeLibrary.install();
    LocalDynamoDBServerHandler handler = new LocalDynamoDBServerHandler(requests(folder), null);
    try {
      return new DynamoDbLocal(LoopbackServer.start("dynamodb-local", port, handler), handler);
    } catch (IllegalStateException failure) {
      handler.close();
      throw failure;
    }
  }

  private static LocalDynamoDBRequestHandler requests(@Nullable Path folder) {
    if (folder == null) {
      return new LocalDynamoDBRequestHandler(0, true, null, true, false);
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException failure) {
      throw new IllegalStateException(
          "The folder for DynamoDB's tables cannot be made: " + failure, failure);
    }
    return new LocalDynamoDBRequestHandler(
        0, false, folder.toAbsolutePath().toString(), true, false);
  }

  public URI endpoint() {
    return server.endpoint();
  }

  /** Stops; tables in memory are gone. */
  @Override
  public void close() {
    server.close();
    handler.close();
  }
}
