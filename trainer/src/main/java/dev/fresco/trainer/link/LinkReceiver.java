package dev.fresco.trainer.link;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the other stages connect to: a thread that accepts, and one for each connection, which
 * reads frames, puts their messages into the inbox and answers.
 *
 * <p>A caller that cannot say who it is within the time limit, or says something else than frames,
 * is told why if it still listens, and hung up on. Only so many callers may be unknown at a time;
 * more are hung up on at once.
 */
final class LinkReceiver {
  private static final Logger log = LoggerFactory.getLogger(LinkReceiver.class);
  private static final int MOST_UNKNOWN = 64;
  private static final long ACCEPT_PAUSE_MILLIS = 100;

  private final LinkIdentity self;
  private final LinkSettings settings;
  private final FrameCodec codec;
  private final Inbox inbox;
  private final ServerSocket server = new ServerSocket();
  private final Semaphore unknown = new Semaphore(MOST_UNKNOWN);
  private final Map<Socket, Thread> connections = new HashMap<>();
  private final Thread acceptor;
  private boolean closed;

  /** Listens from now on. */
  LinkReceiver(LinkIdentity self, LinkSettings settings, FrameCodec codec, Inbox inbox)
      throws IOException {
    this.self = self;
    this.settings = settings;
    this.codec = codec;
    this.inbox = inbox;
    try {
      server.bind(settings.listen());
    } catch (IOException e) {
      server.close();
      throw e;
    }
    acceptor = thread("link-accept-" + self.stage(), this::acceptAll);
    acceptor.start();
  }

  InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  private static Thread thread(String name, Runnable what) {
    Thread thread = new Thread(what, name);
    thread.setDaemon(true);
    return thread;
  }

  private void acceptAll() {
    while (!server.isClosed()) {
      try {
        serve(server.accept());
      } catch (IOException e) {
        log.debug("{} could not accept a connection", self, e);
        pauseUnlessClosed();
      }
    }
  }

  /** The system may be out of file descriptors: asking at once again would only burn a core. */
  private synchronized void pauseUnlessClosed() {
    try {
      if (!closed) {
        wait(ACCEPT_PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(Socket socket) throws IOException {
    Thread reader = thread("link-read-" + self.stage(), () -> read(socket));
    synchronized (this) {
      if (closed || !unknown.tryAcquire()) {
        socket.close();
        return;
      }
      connections.put(socket, reader);
    }
    reader.start();
  }

  private void read(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
      try {
        meet(socket, in);
        Handshake.accept(out);
        readAll(in, out);
      } catch (FrameException e) {
        log.warn("{} hangs up on {}: {}", self, socket.getRemoteSocketAddress(), e.getMessage());
        Handshake.refuse(out, e.getMessage());
      }
    } catch (IOException e) {
      log.debug("a connection to {} ended", self, e);
    } finally {
      synchronized (this) {
        connections.remove(socket);
      }
    }
  }

  private void meet(Socket socket, DataInputStream in) throws IOException {
    try {
      socket.setTcpNoDelay(true);
      socket.setKeepAlive(true);
      socket.setSoTimeout((int) Math.min(Integer.MAX_VALUE, settings.replyLimit().toMillis()));
      Handshake.meet(in, self);
      socket.setSoTimeout(0);
    } finally {
      unknown.release();
    }
  }

  private void readAll(DataInputStream in, DataOutputStream out) throws IOException {
    while (true) {
      Message message = codec.read(in);
      if (!inbox.put(message)) {
        log.debug("{} got {} again", self, message.key());
      }
      Handshake.accept(out);
    }
  }

  /** Hangs up on all, and returns when all its threads have ended. */
  void close() throws InterruptedException {
    Map<Socket, Thread> open;
    synchronized (this) {
      closed = true;
      notifyAll();
      open = new HashMap<>(connections);
    }
    try {
      server.close();
      for (Socket socket : open.keySet()) {
        socket.close();
      }
    } catch (IOException e) {
      log.debug("a connection was closed already", e);
    }
    acceptor.join();
    for (Thread reader : open.values()) {
      reader.join();
    }
  }
}
