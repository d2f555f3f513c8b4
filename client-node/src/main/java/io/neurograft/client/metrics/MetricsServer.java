package io.neurograft.client.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.channel.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Serves {@code /metrics} over plain HTTP. */
public final class MetricsServer implements AutoCloseable {
  private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpServer server;

  private MetricsServer(HttpServer server) {
    this.server = server;
  }

  /**
   * Starts to serve a registry.
   *
   * @param endpoint port 0 takes any free one
   * @throws InvalidInputException if the address cannot be bound, naming it
   */
  public static MetricsServer start(Endpoint endpoint, PrometheusMeterRegistry registry) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(endpoint.host(), endpoint.port()), 0);
      server.createContext("/metrics", exchange -> answer(exchange, registry));
      server.start();
      return new MetricsServer(server);
    } catch (IOException | RuntimeException e) {
      throw new InvalidInputException(
          "metrics",
          "cannot listen on port "
              + endpoint.port()
              + " of "
              + endpoint.host()
              + ": "
              + e.getMessage()
              + "; choose another port or stop what uses it");
    }
  }

  /** The port it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private static void answer(HttpExchange exchange, PrometheusMeterRegistry registry)
      throws IOException {
    try (exchange) {
      boolean read = exchange.getRequestMethod().equals("GET");
      byte[] body = (read ? registry.scrape() : "").getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", CONTENT_TYPE);
      exchange.sendResponseHeaders(read ? 200 : 405, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
