package io.neurograft.coordinator.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.neurograft.coordinator.conduct.RunDesk;
import io.neurograft.coordinator.metrics.CoordinatorMetrics;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.channel.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the status page at {@code /} and metrics at {@code /metrics}, over plain HTTP. */
public final class WebServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
  private static final int THREADS = 4;
  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final String PAGE_TYPE = "text/html; charset=utf-8";

  private final HttpServer server;
  private final ExecutorService threads;

  private WebServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Starts to listen.
   *
   * @param endpoint port 0 takes any free one
   * @throws InvalidInputException if the address cannot be bound, naming it
   */
  public static WebServer start(Endpoint endpoint, CoordinatorMetrics metrics, RunDesk runs) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(endpoint.host(), endpoint.port()), 0);
      ExecutorService threads =
          Executors.newFixedThreadPool(
              THREADS,
              work -> {
                Thread made = new Thread(work, "coordinator-web");
                made.setDaemon(true);
                return made;
              });
      server.setExecutor(threads);
      server.createContext(
          "/metrics", exchange -> answer(exchange, "/metrics", METRICS_TYPE, metrics::scrape));
      server.createContext(
          "/",
          exchange ->
              answer(exchange, "/", PAGE_TYPE, () -> StatusPage.of(runs.sites(), runs.list())));
      server.start();
      return new WebServer(server, threads);
    } catch (IOException | RuntimeException e) {
      throw new InvalidInputException(
          "metrics " + endpoint,
          "cannot listen there (" + e.getMessage() + "); choose another port or stop what uses it");
    }
  }

  /** The port it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static void answer(
      HttpExchange exchange, String path, String type, Supplier<String> content)
      throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      boolean read = method.equals("GET") || method.equals("HEAD");
      if (!read || !exchange.getRequestURI().getPath().equals(path)) {
        exchange.sendResponseHeaders(read ? 404 : 405, -1);
        return;
      }
      byte[] body = content.get().getBytes(StandardCharsets.UTF_8);
      var headers = exchange.getResponseHeaders();
      headers.set("Content-Type", type);
      headers.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
      headers.set("X-Content-Type-Options", "nosniff");
      headers.set("Cache-Control", "no-store");
      exchange.sendResponseHeaders(200, method.equals("HEAD") ? -1 : body.length);
      if (method.equals("GET")) {
        exchange.getResponseBody().write(body);
      }
    } catch (RuntimeException e) {
      LOG.error("a page could not be served", e);
    }
  }
}
