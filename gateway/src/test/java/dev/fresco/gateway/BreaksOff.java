package dev.fresco.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A service behind the gateway that breaks off its answers, never gives one, or never ends it.
 * Started at first use.
 */
final class BreaksOff {
  /** Calls for events: their streams are open, and one event was sent. */
  static final BlockingQueue<Socket> STREAMS = new LinkedBlockingQueue<>();

  static final int PORT = start();

  private static final String STREAM =
      """
      HTTP/1.1 200 OK\r
      Content-Type: text/event-stream\r
      Transfer-Encoding: chunked\r
      \r
      d\r
      data: first

      \r
      """;

  private BreaksOff() {}

  private static int start() {
    try {
      ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      Thread thread = new Thread(() -> serve(server), "breaks-off");
      thread.setDaemon(true);
      thread.start();
      return server.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void serve(ServerSocket server) {
    List<Socket> silent = new ArrayList<>();
    while (true) {
      try {
        Socket call = server.accept();
        if (!answer(call)) {
          silent.add(call);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("after " + silent, e);
      }
    }
  }

  private static boolean answer(Socket call) throws IOException {
    var lines =
        new BufferedReader(new InputStreamReader(call.getInputStream(), StandardCharsets.US_ASCII));
    String request = lines.readLine();
    for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {}
    if (request.contains("/silent")) {
      return false;
    }
    if (request.contains("/events")) {
      call.getOutputStream().write(STREAM.getBytes(StandardCharsets.US_ASCII));
      STREAMS.add(call);
      return true;
    }
    String head = "HTTP/1.1 200 OK\r\n";
    if (request.contains("/chunked")) {
      head += "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";
    } else if (request.contains("/counted")) {
      head += "Content-Length: 100\r\n\r\nhello";
    } else {
      head += "Content-Length: 100\r\n\r\n";
    }
    call.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    call.close();
    return true;
  }
}
