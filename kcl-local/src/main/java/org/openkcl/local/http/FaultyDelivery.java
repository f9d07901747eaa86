package org.openkcl.local.http;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Ways of not answering a request. */
final class FaultyDelivery {
  private FaultyDelivery() {}

  /**
   * Lets the client see its request break off: over HTTP/2 the request alone, over HTTP/1.1 its
   * connection. Not a byte of a reply is sent.
   */
  static void breakOff(Request request, Response response, Callback callback) {
    request.addHttpStreamWrapper(Mute::new);
    response.write(true, null, callback); // fails, and so ends the request
  }

  /** Resets the TCP connection, with all other requests on it. */
  static void resetConnection(Request request, Response response, Callback callback) {
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    if (endPoint.getTransport() instanceof SocketChannel socket) {
      try {
        socket.setOption(StandardSocketOptions.SO_LINGER, 0); // closing then resets
      } catch (IOException closedAlready) {
        // Closing it below is all that is left to do.
      }
    }
    endPoint.close();
    breakOff(request, response, callback);
  }

  /** Sends nothing, neither a reply nor the error page that Jetty would send in its place. */
  private static final class Mute extends HttpStream.Wrapper {
    Mute(HttpStream wrapped) {
      super(wrapped);
    }

    @Override
    public void send(
        MetaData.Request request,
        MetaData.Response response,
        boolean last,
        ByteBuffer content,
        Callback callback) {
      callback.failed(new EofException("Nothing is sent, on command"));
    }
  }
}
