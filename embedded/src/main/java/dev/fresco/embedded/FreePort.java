package dev.fresco.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds a loopback port that nobody listens on. It lies below the ports that systems give to
 * outgoing connections, so that none of these takes it before its server does.
 */
public final class FreePort {
  private static final int LOWEST = 16_000;
  private static final int HIGHEST = 32_000;
  private static final int TRIES = 1_000;

  private FreePort() {}

  public static int find() {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no port of " + LOWEST + " to " + HIGHEST + " is free");
  }

  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      // As servers do: a port whose last connections are still fading counts as free.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
