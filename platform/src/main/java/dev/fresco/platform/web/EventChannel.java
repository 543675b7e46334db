package dev.fresco.platform.web;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to one client without ever waiting for it: what the client does not take yet stays here,
 * and the server calls back when it takes more.
 */
public final class EventChannel implements WriteListener, AsyncListener {

  /** Who feeds the channel. */
  public interface Feeder {
    /** All that was given is on its way; more is welcome. */
    void drained();

    /** The client has gone, or the end was reached. Called once. */
    void closed();
  }

  private static final Logger log = LoggerFactory.getLogger(EventChannel.class);

  private final AsyncContext call;
  private final ServletOutputStream out;
  private final Feeder feeder;
  private final Queue<byte[]> pending = new ArrayDeque<>();
  private boolean writable;
  private boolean unflushed;
  private boolean ending;
  private boolean closed;

  private EventChannel(AsyncContext call, ServletOutputStream out, Feeder feeder) {
    this.call = call;
    this.out = out;
    this.feeder = feeder;
  }

  /** Opens the channel; the server calls the feeder's {@code drained} once it can be written. */
  public static EventChannel open(AsyncContext call, Feeder feeder) throws IOException {
    ServletOutputStream out = call.getResponse().getOutputStream();
    EventChannel channel = new EventChannel(call, out, feeder);
    call.setTimeout(0);
    call.addListener(channel);
    out.setWriteListener(channel);
    return channel;
  }

  /** Whether all that was given is on its way. */
  public synchronized boolean isIdle() {
    return writable && pending.isEmpty() && !unflushed;
  }

  /** Whether the client has gone or the end was reached. */
  public synchronized boolean isClosed() {
    return closed;
  }

  /** Gives the client bytes; what it does not take yet is kept. */
  public void write(byte[] bytes) {
    synchronized (this) {
      pending.add(bytes);
    }
    pump();
  }

  /** Closes the channel after all that was given. */
  public void end() {
    synchronized (this) {
      ending = true;
    }
    pump();
  }

  @Override
  public void onWritePossible() {
    synchronized (this) {
      writable = true;
    }
    if (pump()) {
      feeder.drained();
    }
  }

  /** Returns whether everything is written and more may come. */
  private boolean pump() {
    boolean finished;
    try {
      synchronized (this) {
        if (closed || !writable) {
          return false;
        }
        finished = writeAll() && ending;
        writable = pending.isEmpty() && !unflushed;
        if (!finished) {
          return writable;
        }
      }
    } catch (IOException | RuntimeException clientHasGone) {
      // The server answers a write to a call that it has given up in either way.
      finished = true;
    }
    close(true);
    return false;
  }

  /** The server wants to be asked before every single write and flush. */
  private boolean writeAll() throws IOException {
    while (!pending.isEmpty() || unflushed) {
      if (!out.isReady()) {
        return false;
      }
      if (pending.isEmpty()) {
        unflushed = false;
        out.flush();
      } else {
        unflushed = true;
        out.write(pending.remove());
      }
    }
    return true;
  }

  private void close(boolean complete) {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      pending.clear();
    }
    try {
      if (complete) {
        call.complete();
      }
    } catch (IllegalStateException endedElsewhere) {
      // The server is ending the call by itself, after an error of its own for one.
      log.debug("the call is being ended already", endedElsewhere);
    } finally {
      feeder.closed();
    }
  }

  @Override
  public void onError(Throwable clientHasGone) {
    close(true);
  }

  @Override
  public void onError(AsyncEvent event) {
    close(true);
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    close(true);
  }

  @Override
  public void onComplete(AsyncEvent event) {
    close(false);
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    event.getAsyncContext().addListener(this);
  }
}
