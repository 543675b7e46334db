package dev.fresco.trainer.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes connections on and cuts each after a random number of bytes of one way or the other. */
final class CuttingProxy implements AutoCloseable {
  private final InetSocketAddress target;
  private final Random random;
  private final int mostThere;
  private final int mostBack;
  private final ServerSocket server;
  private final AtomicInteger cuts = new AtomicInteger();

  /**
   * @param mostThere bytes from the caller that a connection lives for
   * @param mostBack bytes to the caller
   */
  CuttingProxy(InetSocketAddress target, long seed, int mostThere, int mostBack)
      throws IOException {
    this.target = target;
    this.random = new Random(seed);
    this.mostThere = mostThere;
    this.mostBack = mostBack;
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::acceptAll);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  int cuts() {
    return cuts.get();
  }

  private static void start(Runnable what) {
    Thread thread = new Thread(what, "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void acceptAll() {
    while (!server.isClosed()) {
      try {
        Socket caller = server.accept();
        Socket called = new Socket(target.getAddress(), target.getPort());
        caller.setTcpNoDelay(true);
        called.setTcpNoDelay(true);
        int there = random.nextInt(mostThere);
        int back = random.nextInt(mostBack);
        start(() -> pass(caller, called, there));
        start(() -> pass(called, caller, back));
      } catch (IOException e) {
        // Closed, or the target has gone.
      }
    }
  }

  private void pass(Socket from, Socket to, int bytes) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[8192];
      int left = bytes;
      for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
        out.write(buffer, 0, Math.min(read, left));
        left -= read;
        if (left <= 0) {
          cuts.incrementAndGet();
          return;
        }
      }
    } catch (IOException e) {
      // The other way was cut.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
