package dev.fresco.gateway.forward;

import dev.fresco.gateway.config.LimitSettings;
import dev.fresco.platform.web.EventChannel;
import dev.fresco.platform.web.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.stereotype.Component;

/**
 * Event streams of services on their way to callers. They last for hours, so none holds a thread of
 * the server: each has a thread of its own that waits for the service, and the caller is written to
 * as he takes it.
 */
@Component
class ForwardedStreams implements DisposableBean {
  private static final Logger log = LoggerFactory.getLogger(ForwardedStreams.class);
  private static final Duration TRY_AGAIN = Duration.ofSeconds(10);
  private static final int BUFFER_BYTES = 16 * 1024;

  private final Set<Stream> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService readers =
      Executors.newCachedThreadPool(new CustomizableThreadFactory("forwarded-stream-"));
  private final LimitSettings limits;

  ForwardedStreams(LimitSettings limits) {
    this.limits = limits;
  }

  /**
   * Passes a stream on until either side ends it. Returns at once.
   *
   * @param body of the service's answer; closed at the end
   * @param answer whose head is complete, and to which nothing was written yet
   * @throws ProblemException 503 if too many streams are open
   */
  void forward(
      String service, InputStream body, HttpServletRequest call, HttpServletResponse answer)
      throws IOException {
    Stream stream = new Stream(service, body);
    admit(stream);
    try {
      answer.flushBuffer();
      stream.open(call);
      readers.execute(stream);
    } catch (IOException | RuntimeException e) {
      stream.closed();
      throw e;
    }
  }

  private synchronized void admit(Stream stream) throws IOException {
    if (open.size() >= limits.maxForwardedStreams()) {
      stream.body.close();
      throw ProblemException.unavailable(
          "%d event streams of services are open; the limit is %d"
                  .formatted(open.size(), limits.maxForwardedStreams())
              + " (fresco.limits.max-forwarded-streams)",
          TRY_AGAIN);
    }
    open.add(stream);
  }

  /** Ends every stream before the server waits for open calls; the callers come back elsewhere. */
  @EventListener(ContextClosedEvent.class)
  void endAll() {
    open.forEach(Stream::end);
  }

  @Override
  public void destroy() {
    readers.shutdownNow();
  }

  /** One stream: reads from the service, and waits while the caller does not take what was read. */
  private final class Stream implements Runnable, EventChannel.Feeder {
    private final String service;
    private final InputStream body;
    private EventChannel channel;
    private boolean closed;

    Stream(String service, InputStream body) {
      this.service = service;
      this.body = body;
    }

    synchronized void open(HttpServletRequest call) throws IOException {
      channel = EventChannel.open(call.startAsync(), this);
    }

    @Override
    public void run() {
      byte[] buffer = new byte[BUFFER_BYTES];
      try {
        while (awaitTaken()) {
          int read = body.read(buffer);
          if (read < 0) {
            break;
          }
          channel.write(Arrays.copyOf(buffer, read));
        }
      } catch (IOException e) {
        log.debug("{} broke off a stream, or its caller has gone", service, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        end();
      }
    }

    /** Whether there is still a caller, once he has taken all that he was given. */
    private synchronized boolean awaitTaken() throws InterruptedException {
      while (!closed && !channel.isIdle()) {
        wait();
      }
      return !closed;
    }

    void end() {
      channel.end();
    }

    @Override
    public synchronized void drained() {
      notifyAll();
    }

    @Override
    public void closed() {
      synchronized (this) {
        closed = true;
        notifyAll();
      }
      open.remove(this);
      try {
        body.close();
      } catch (IOException e) {
        log.debug("cannot close the answer of {}", service, e);
      }
    }
  }
}
