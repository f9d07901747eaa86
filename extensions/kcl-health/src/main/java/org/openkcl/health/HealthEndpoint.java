package org.openkcl.health;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.openkcl.WorkerSnapshot;

/**
 * A small HTTP server that says how a worker is, for probes of Kubernetes or a load balancer.
 *
 * <p>{@code GET /health/live} answers 200 until the worker has ended; {@code GET /health/ready} answers
 * 200 while it is at work and not DOWN; both answer 503 otherwise, with the same JSON object, whose
 * {@code reasons} are those of {@link org.openkcl.Health}. Other paths are 404, other methods than GET
 * and HEAD 405.
 *
 * <p>{@code GET /lag} answers how far the worker is behind, in milliseconds, for who scales by it: 200
 * while it is at work, else 503. {@code lagMillis} is the greatest of its shards, and in {@code
 * streams} that of each stream's: how long the oldest record has waited that is not checkpointed.
 *
 * <p>Bound to the loopback address unless told otherwise: it has no access control, and reasons name
 * streams, shards and messages of exceptions. Answers come from the last snapshot and ask nothing of
 * the worker. Its threads, at most four, are daemons. Thread-safe.
 */
public final class HealthEndpoint implements AutoCloseable {
  private static final int THREADS = 4;
  private static final int BACKLOG = 16;
  private static final String LIVE = "/health/live";
  private static final String READY = "/health/ready";
  private static final String LAG = "/lag";
  private static final Set<String> PATHS = Set.of(LIVE, READY, LAG);

  private final HttpServer server;
  private final ThreadPoolExecutor threads;

  private HealthEndpoint(HttpServer server, ThreadPoolExecutor threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Begins to describe an endpoint.
   *
   * @param worker usually {@code scheduler::snapshot}; asked once for each request
   */
  public static Builder of(Supplier<WorkerSnapshot> worker) {
    return new Builder(worker);
  }

  /** The port that it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Stops listening; answers under way are cut off. Does nothing the second time. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** Describes an endpoint. */
  public static final class Builder {
    private final Supplier<WorkerSnapshot> worker;
    private final InstantSource clock = InstantSource.system();
    private int port;
    private InetAddress address = InetAddress.getLoopbackAddress();

    private Builder(Supplier<WorkerSnapshot> worker) {
      this.worker = worker;
    }

    /** 1 to 65535, or 0 for any free one, which is the default. */
    public Builder port(int number) {
      if (number < 0 || number > 65_535) {
        throw new IllegalArgumentException("port must be 0 to 65535: got " + number);
      }
      port = number;
      return this;
    }

    /**
     * The address to listen at. Default loopback, which probes from outside the container cannot
     * reach: for the kubelet's HTTP probes give the pod's address, or {@code 0.0.0.0} for all.
     */
    public Builder bindAddress(InetAddress local) {
      address = local;
      return this;
    }

    /**
     * Starts to listen.
     *
     * @throws IllegalStateException when the address is taken or not this machine's
     */
    public HealthEndpoint start() {
      InetSocketAddress at = new InetSocketAddress(address, port);
      HttpServer server;
      try {
        server = HttpServer.create(at, BACKLOG);
      } catch (IOException refused) {
        throw new IllegalStateException(
            "The health endpoint cannot listen at %s: %s. Give it another port or address."
                .formatted(at, refused.getMessage()),
            refused);
      }
      ThreadPoolExecutor threads = newThreads();
      server.setExecutor(threads);
      server.createContext("/", this::answer);
      server.start();
      return new HealthEndpoint(server, threads);
    }

    private void answer(HttpExchange exchange) throws IOException {
      try (exchange) {
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().getPath();
        if (!PATHS.contains(path)) {
          exchange.sendResponseHeaders(404, -1);
        } else if (!method.equals("GET") && !method.equals("HEAD")) {
          exchange.getResponseHeaders().set("Allow", "GET, HEAD");
          exchange.sendResponseHeaders(405, -1);
        } else {
          answer(exchange, path);
        }
      }
    }

    private void answer(HttpExchange exchange, String path) throws IOException {
      if (path.equals(LAG)) {
        LagReport report = LagReport.of(worker.get(), clock.instant());
        send(exchange, report.known(), report.json());
      } else {
        HealthReport report = HealthReport.of(worker.get());
        send(exchange, path.equals(LIVE) ? report.live() : report.ready(), report.json());
      }
    }

    private static void send(HttpExchange exchange, boolean well, String json) throws IOException {
      int status = well ? 200 : 503;
      byte[] body = json.getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.sendResponseHeaders(status, -1);
      } else {
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
      }
    }

    private static ThreadPoolExecutor newThreads() {
      AtomicInteger count = new AtomicInteger();
      ThreadPoolExecutor threads = new ThreadPoolExecutor(
          THREADS, THREADS, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "openkcl-health-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
          });
      threads.allowCoreThreadTimeOut(true);
      return threads;
    }
  }
}
