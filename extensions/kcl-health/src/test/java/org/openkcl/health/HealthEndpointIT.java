package org.openkcl.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openkcl.InitialPosition;
import org.openkcl.Scheduler;
import org.openkcl.WorkerSnapshot;
import org.openkcl.WorkerSnapshot.Phase;
import org.openkcl.local.LocalCloud;

class HealthEndpointIT {
  private static final WorkerSnapshot RUNNING = new WorkerSnapshot(
      "w", Phase.RUNNING, List.of(), List.of(), new WorkerSnapshot.Memory(0, 0), "");

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void aWorkerIsProbedFromItsStartToItsEnd() throws Exception {
    try (LocalCloud cloud = LocalCloud.start()) {
      cloud.kinesis().createStream(b -> b.streamName("orders").shardCount(2)).join();
      try (Scheduler scheduler = Scheduler.builder()
              .applicationName("probed")
              .streamName("orders")
              .workerId("w")
              .clients(cloud.clients())
              .initialPosition(InitialPosition.trimHorizon())
              .processor(() -> batch -> {})
              .build();
          HealthEndpoint endpoint = HealthEndpoint.of(scheduler::snapshot).start()) {
        assertThat(get(endpoint, "/health/live").statusCode()).isEqualTo(200);
        assertThat(get(endpoint, "/health/ready").statusCode()).isEqualTo(503);
        assertThat(get(endpoint, "/lag").statusCode()).isEqualTo(503);

        scheduler.start().join();
        HttpResponse<String> ready = get(endpoint, "/health/ready");
        assertThat(ready.statusCode()).as(ready.body()).isEqualTo(200);
        assertThat(ready.body()).startsWith("{\"workerId\":\"w\",\"live\":true,\"ready\":true,");
        assertThat(ready.headers().firstValue("Content-Type")).contains("application/json");

        HttpResponse<String> lag = get(endpoint, "/lag");
        assertThat(lag.statusCode()).as(lag.body()).isEqualTo(200);
        assertThat(lag.body()).contains("\"lagMillis\":0,");

        scheduler.stop().join();
        assertThat(get(endpoint, "/health/live").statusCode()).isEqualTo(503);
        assertThat(get(endpoint, "/health/ready").statusCode()).isEqualTo(503);
      }
    }
  }

  @Test
  void onlyThePathsAndReadingMethodsAreKnown() throws Exception {
    try (HealthEndpoint endpoint = HealthEndpoint.of(() -> RUNNING).start()) {
      assertThat(get(endpoint, "/health/liveness").statusCode()).isEqualTo(404);
      assertThat(get(endpoint, "/").statusCode()).isEqualTo(404);
      assertThat(get(endpoint, "/lag/orders").statusCode()).isEqualTo(404);
      assertThat(ask(endpoint, "/health/live", "POST").statusCode()).isEqualTo(405);
      HttpResponse<String> head = ask(endpoint, "/health/live", "HEAD");
      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.body()).isEmpty();
    }
  }

  @Test
  void itIsHeardOnLoopbackOnlyUnlessToldOtherwise() throws Exception {
    InetAddress other = InetAddress.getByName("127.0.0.2"); // loopback too, but not the address
    try (HealthEndpoint endpoint = HealthEndpoint.of(() -> RUNNING).start()) {
      assertThatThrownBy(() -> new Socket(other, endpoint.port()).close())
          .isInstanceOf(IOException.class);
    }
    try (HealthEndpoint endpoint = HealthEndpoint.of(() -> RUNNING)
        .bindAddress(InetAddress.getByName("0.0.0.0"))
        .start()) {
      new Socket(other, endpoint.port()).close();
    }
  }

  @Test
  void aTakenPortIsSaidAtOnce() {
    try (HealthEndpoint first = HealthEndpoint.of(() -> RUNNING).start()) {
      assertThatThrownBy(
              () -> HealthEndpoint.of(() -> RUNNING).port(first.port()).start())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("another port or address");
    }
  }

  @Test
  void connectionsThatSayNothingDoNotDelayAProbe() throws Exception {
    try (HealthEndpoint endpoint = HealthEndpoint.of(() -> RUNNING).start()) {
      List<Socket> silent = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        silent.add(new Socket(InetAddress.getLoopbackAddress(), endpoint.port()));
      }
      assertThat(get(endpoint, "/health/live").statusCode()).isEqualTo(200);
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  private HttpResponse<String> get(HealthEndpoint endpoint, String path) throws Exception {
    return ask(endpoint, path, "GET");
  }

  private HttpResponse<String> ask(HealthEndpoint endpoint, String path, String method)
      throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + endpoint.port() + path);
    return client.send(
        HttpRequest.newBuilder(uri)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        BodyHandlers.ofString());
  }
}
