package dev.fresco.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** A service behind the gateway that says back what it was sent. Started at first use. */
final class PassedOnTo {
  static final int PORT = start();

  private PassedOnTo() {}

  private static int start() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", PassedOnTo::answer);
      server.setExecutor(
          Executors.newCachedThreadPool(
              task -> {
                Thread thread = new Thread(task, "passed-on-to");
                thread.setDaemon(true);
                return thread;
              }));
      server.start();
      return server.getAddress().getPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void answer(HttpExchange call) throws IOException {
    byte[] body = call.getRequestBody().readAllBytes();
    call.getResponseHeaders().set("X-Called", call.getRequestMethod() + " " + call.getRequestURI());
    String tenants = String.valueOf(call.getRequestHeaders().get("X-Fresco-Tenant"));
    call.getResponseHeaders().set("X-Tenants", tenants);
    String type = call.getRequestHeaders().getFirst("Content-Type");
    if (type != null) {
      call.getResponseHeaders().set("Content-Type", type);
    }
    call.sendResponseHeaders(body.length == 0 ? 204 : 201, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      call.getResponseBody().write(body);
    }
    call.close();
  }
}
