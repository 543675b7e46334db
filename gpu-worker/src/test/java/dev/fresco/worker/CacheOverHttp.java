package dev.fresco.worker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** Recordings as cache-service keeps them, over HTTP, in memory; it can be made to fail. */
final class CacheOverHttp implements AutoCloseable {
  private static final String PATH = "/internal/recordings/";

  final Map<String, byte[]> recordings = new ConcurrentHashMap<>();
  final List<String> damaged = new CopyOnWriteArrayList<>();

  /** Downloads wait for a permit. */
  final Semaphore downloads = new Semaphore(1_000_000);

  volatile boolean down;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  CacheOverHttp() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext(PATH, this::answer);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void answer(HttpExchange exchange) throws IOException {
    String id = exchange.getRequestURI().getPath().substring(PATH.length());
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (down) {
      answer(exchange, 503, new byte[0]);
    } else if (exchange.getRequestMethod().equals("PUT")) {
      recordings.put(id, body);
      answer(exchange, 201, new byte[0]);
    } else if (exchange.getRequestMethod().equals("POST")) {
      damaged.add(id.replace("/check", ""));
      answer(exchange, 202, new byte[0]);
    } else {
      send(exchange, recordings.get(id));
    }
  }

  /** As RFC 9110, section 14, of ranges with both ends. */
  private void send(HttpExchange exchange, byte[] found) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (found == null || range == null) {
      answer(exchange, found == null ? 404 : 200, new byte[0]);
      return;
    }
    downloads.acquireUninterruptibly();
    String[] ends = range.substring("bytes=".length()).split("-");
    int from = Integer.parseInt(ends[0]);
    int until = Math.min(found.length, Integer.parseInt(ends[1]) + 1);
    exchange.getResponseHeaders().set("ETag", "\"1\"");
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes %d-%d/%d".formatted(from, until - 1, found.length));
    answer(exchange, 206, Arrays.copyOfRange(found, from, until));
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    downloads.release(1_000_000);
    server.stop(0);
    threads.shutdownNow();
  }
}
