package dev.fresco.cache;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;

/** A line to a service on which some answers break off in their middle. */
final class BrokenLine implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI service;
  private final IntPredicate breaks;
  private final HttpServer server;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger broken = new AtomicInteger();

  private BrokenLine(URI service, IntPredicate breaks) throws IOException {
    this.service = service;
    this.breaks = breaks;
    this.server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext("/", this::pass);
    server.start();
  }

  /** Every so many answers break. */
  static BrokenLine to(URI service, int every) throws IOException {
    return new BrokenLine(service, call -> call % every == 0);
  }

  /** All answers after so many break. */
  static BrokenLine after(URI service, int whole) throws IOException {
    return new BrokenLine(service, call -> call > whole);
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  int broken() {
    return broken.get();
  }

  private void pass(HttpExchange exchange) throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve(exchange.getRequestURI()));
    for (String name : new String[] {"Range", "If-Match"}) {
      String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        request.header(name, value);
      }
    }
    try {
      HttpResponse<byte[]> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      for (String name : new String[] {"ETag", "Content-Range"}) {
        answer
            .headers()
            .firstValue(name)
            .ifPresent(it -> exchange.getResponseHeaders().set(name, it));
      }
      boolean breaking = breaks.test(calls.incrementAndGet());
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
      int length = breaking ? answer.body().length / 2 : answer.body().length;
      exchange.getResponseBody().write(answer.body(), 0, length);
      if (breaking) {
        broken.incrementAndGet();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
