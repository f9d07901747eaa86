package org.openkcl.local.http;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.RateControl;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.DetectorConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 and HTTP/2 (prior knowledge) on one port of 127.0.0.1, and if there is a certificate the
 * same over TLS on that port; nobody outside this machine can reach it.
 */
public final class LoopbackServer implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";
  private static final int THREADS_MAX = 64;
  private static final long IDLE_MILLIS_MAX = 300_000;
  private static final int RECEIVE_WINDOW_BYTES = 16 * 1024 * 1024;
  private static final int CONCURRENT_STREAMS_MAX = 1_024;

  private final Server server;
  private final URI endpoint;

  private LoopbackServer(Server server, URI endpoint) {
    this.server = server;
    this.endpoint = endpoint;
  }

  /**
   * Starts listening.
   *
   * @param name what its threads are called
   * @param port 0 for any free one
   * @throws IllegalStateException when the port is taken
   */
  public static LoopbackServer start(String name, int port, Handler handler) {
    return start(name, port, handler, null);
  }

  /**
   * Starts listening, for TLS as well.
   *
   * @param name what its threads are called
   * @param port 0 for any free one
   * @param certificate null for no TLS
   * @throws IllegalStateException when the port is taken
   */
  public static LoopbackServer start(
      String name, int port, Handler handler, @Nullable LoopbackCertificate certificate) {
    QuietJetty.install();
    QueuedThreadPool threads = new QueuedThreadPool(THREADS_MAX, 1);
    threads.setName(name);
    threads.setDaemon(true);
    Server server = new Server(threads);
    server.setHandler(handler);

    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setIdleTimeout(IDLE_MILLIS_MAX);
    ServerConnector connector =
        new ServerConnector(server, null, null, null, 1, -1, connections(http, certificate));
    connector.setHost(LOOPBACK);
    connector.setPort(port);
    connector.setIdleTimeout(IDLE_MILLIS_MAX);
    server.addConnector(connector);

    try {
      server.start();
      int listening = connector.getLocalPort();
      return new LoopbackServer(server, URI.create("http://" + LOOPBACK + ":" + listening));
    } catch (Exception failure) {
      stop(server, name);
      throw new IllegalStateException(
          name + " cannot listen on " + LOOPBACK + ":" + port + ": " + failure.getMessage(),
          failure);
    }
  }

  /** A connection is looked at for TLS first, if there is any, and is cleartext otherwise. */
  private static ConnectionFactory[] connections(
      HttpConfiguration http, @Nullable LoopbackCertificate certificate) {
    List<ConnectionFactory> factories = new ArrayList<>();
    factories.add(new HttpConnectionFactory(http));
    factories.add(tuned(new HTTP2CServerConnectionFactory(http)));
    if (certificate != null) {
      SslContextFactory.Server keys = new SslContextFactory.Server();
      keys.setKeyStore(certificate.keyStore());
      keys.setKeyStorePassword(certificate.keyStorePassword());
      ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory("h2", "http/1.1");
      alpn.setDefaultProtocol(factories.get(0).getProtocol());
      SslConnectionFactory tls = new SslConnectionFactory(keys, alpn.getProtocol());
      factories.add(0, new DetectorConnectionFactory(tls));
      factories.add(alpn);
      factories.add(tuned(new HTTP2ServerConnectionFactory(http)));
    }
    return factories.toArray(ConnectionFactory[]::new);
  }

  private static ConnectionFactory tuned(AbstractHTTP2ServerConnectionFactory http2) {
    http2.setInitialSessionRecvWindow(RECEIVE_WINDOW_BYTES);
    http2.setInitialStreamRecvWindow(RECEIVE_WINDOW_BYTES);
    http2.setMaxConcurrentStreams(CONCURRENT_STREAMS_MAX);
    http2.setRateControlFactory(new RateControl.Factory() {}); // no limit on pings and resets
    return http2;
  }

  /** {@code http://127.0.0.1:PORT}; also after it was closed. */
  public URI endpoint() {
    return endpoint;
  }

  /** Stops listening; replies under way are cut off. */
  @Override
  public void close() {
    stop(server, endpoint.toString());
  }

  private static void stop(Server server, String what) {
    try {
      server.stop();
    } catch (Exception failure) {
      throw new IllegalStateException("Stopping " + what + " failed", failure);
    }
  }
}
