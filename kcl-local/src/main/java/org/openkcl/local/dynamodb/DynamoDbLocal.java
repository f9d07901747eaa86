package org.openkcl.local.dynamodb;

import java.net.URI;
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
    QuietLogs.install();
    NativeLibrary.install();
    LocalDynamoDBServerHandler handler = new LocalDynamoDBServerHandler(
        new LocalDynamoDBRequestHandler(0, true, null, true, false), null);
    try {
      return new DynamoDbLocal(LoopbackServer.start("dynamodb-local", port, handler), handler);
    } catch (IllegalStateException failure) {
      handler.close();
      throw failure;
    }
  }

  public URI endpoint() {
    return server.endpoint();
  }

  /** Stops and forgets all tables. */
  @Override
  public void close() {
    server.close();
    handler.close();
  }
}
