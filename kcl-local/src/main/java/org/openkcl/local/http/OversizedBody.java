package org.openkcl.local.http;

import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/** A request body that is larger than a service takes. */
final class OversizedBody {
  private static final long DISCARDED_BYTES_MAX = 64L * 1024 * 1024;

  private OversizedBody() {}

  /** Takes in what the client is still sending, or else it sees a reset in place of the reply. */
  static void discard(Request request, Runnable reply) {
    if (request.getLength() > DISCARDED_BYTES_MAX) {
      reply.run();
    } else {
      Content.Source.consumeAll(request, Callback.from(reply, failure -> reply.run()));
    }
  }
}
