package org.openkcl.local.http;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeSet;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.model.StreamException;

/**
 * Takes requests to {@code /_admin/RESOURCE} off HTTP. What changes something must come as {@code
 * application/json}, which no web page can send to another origin unasked.
 */
public final class AdminHandler extends Handler.Abstract {
  private static final String PREFIX = "/_admin/";
  private static final String JSON = "application/json";
  private static final int BODY_BYTES_MAX = 64 * 1024;

  private final Map<String, AdminResource> resources;

  /** A handler for these resources, by name; other paths are left to the next handler. */
  public AdminHandler(Map<String, AdminResource> resources) {
    this.resources = Map.copyOf(resources);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (!Request.getPathInContext(request).startsWith(PREFIX)) {
      return false;
    }
    Content.Source.asByteArrayAsync(
        request,
        BODY_BYTES_MAX,
        Promise.Invocable.from(
            InvocationType.BLOCKING,
            body -> answer(request, body, response, callback),
            failure -> send(response, 413, "the body cannot be read: " + failure, callback)));
    return true;
  }

  private void answer(Request request, byte[] body, Response response, Callback callback) {
    try {
      send(response, 200, answer(request, body), callback);
    } catch (StreamException refused) {
      int status = switch (refused.errorType()) {
        case "NotFound" -> 404;
        case "MethodNotAllowed" -> 405;
        case "UnsupportedMediaType" -> 415;
        default -> 400;
      };
      send(response, status, refused.getMessage(), callback);
    } catch (RuntimeException | Error defect) {
      callback.failed(defect);
    }
  }

  private byte[] answer(Request request, byte[] body) {
    String path = Request.getPathInContext(request).substring(PREFIX.length());
    int slash = path.indexOf('/');
    String name = slash < 0 ? path : path.substring(0, slash);
    AdminResource resource = resources.get(name);
    if (resource == null) {
      throw new StreamException(
          "NotFound",
          "There is no " + PREFIX + name + ". There are: " + new TreeSet<>(resources.keySet()));
    }
    if (body.length > 0 && !isJson(request.getHeaders().get(HttpHeader.CONTENT_TYPE))) {
      throw new StreamException("UnsupportedMediaType", "Send the header Content-Type: " + JSON);
    }
    String rest = slash < 0 ? "" : path.substring(slash + 1);
    return resource.answer(request.getMethod(), rest, body);
  }

  private static boolean isJson(@Nullable String contentType) {
    return contentType != null && contentType.strip().startsWith(JSON);
  }

  private static void send(Response response, int status, String error, Callback callback) {
    send(response, status, Wire.JSON.write(out -> out.text("error", error)), callback);
  }

  private static void send(Response response, int status, byte[] body, Callback callback) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, JSON);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
  }
}
