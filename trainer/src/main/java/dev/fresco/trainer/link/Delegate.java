package dev.fresco.trainer.link;

import java.io.IOException;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;

/**
 * A queue with a thread and a connection of its own that carries messages of a kind over a link,
 * one after the other.
 *
 * <p>When its connection breaks, the message on it is handed back to the link, which gives it to
 * the next delegate; this one opens another connection for its own next message.
 */
final class Delegate {
  /** Ends the thread when all before it is done. */
  private static final Parcel LAST = new Parcel(null, new byte[0]);

  private final OutgoingLink link;
  private final BlockingDeque<Parcel> queue = new LinkedBlockingDeque<>();
  private final Thread thread;
  private PeerConnection connection;
  private boolean closed;

  Delegate(String name, OutgoingLink link) {
    this.link = link;
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
    thread.start();
  }

  void add(Parcel parcel) {
    queue.addLast(parcel);
  }

  void addFirst(Parcel parcel) {
    queue.addFirst(parcel);
  }

  /** Lets it end once its queue is empty. */
  void retire() {
    queue.addLast(LAST);
  }

  boolean ended() {
    return !thread.isAlive();
  }

  private void run() {
    try {
      for (Parcel parcel = queue.take(); parcel != LAST; parcel = queue.take()) {
        if (link.wants(parcel)) {
          carry(parcel);
        }
      }
    } catch (InterruptedException e) {
      // Closed.
    } finally {
      disconnect();
    }
  }

  private void carry(Parcel parcel) throws InterruptedException {
    try {
      link.pauseBefore(parcel);
      PeerConnection open = connected();
      long start = link.nanos();
      link.pass(parcel.frame().length);
      open.deliver(parcel.frame());
      link.delivered(parcel, start);
    } catch (IOException e) {
      disconnect();
      link.failed(parcel, this, e);
    } catch (InterruptedException e) {
      link.wants(parcel);
      throw e;
    }
  }

  private PeerConnection connected() throws IOException {
    PeerConnection opening;
    synchronized (this) {
      if (closed) {
        throw new IOException("the link is closed");
      }
      if (connection != null) {
        return connection;
      }
      opening = new PeerConnection();
      connection = opening;
    }
    link.open(opening);
    return opening;
  }

  private synchronized void disconnect() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }

  /** Gives up what is queued, and returns when the thread has ended. */
  void close() throws InterruptedException {
    synchronized (this) {
      closed = true;
      disconnect();
    }
    thread.interrupt();
    thread.join();
    for (Parcel parcel : queue) {
      link.wants(parcel);
    }
  }
}
