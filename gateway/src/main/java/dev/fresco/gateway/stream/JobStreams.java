package dev.fresco.gateway.stream;

import dev.fresco.gateway.config.GatewayMeters;
import dev.fresco.gateway.config.GatewaySettings;
import dev.fresco.gateway.config.LimitSettings;
import dev.fresco.platform.web.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/** All event streams that are open, fed by a few threads. */
@Component
public class JobStreams {
  private static final Duration TRY_AGAIN = Duration.ofSeconds(10);

  private final Set<JobStream> open = ConcurrentHashMap.newKeySet();
  private final JobEventLog log;
  private final JobChanges changes;
  private final ScheduledExecutorService threads;
  private final LimitSettings limits;

  JobStreams(
      JobEventLog log,
      JobChanges changes,
      ScheduledExecutorService streamThreads,
      LimitSettings limits,
      GatewaySettings settings,
      GatewayMeters meters) {
    this.log = log;
    this.changes = changes;
    this.threads = streamThreads;
    this.limits = limits;
    long beat = settings.heartbeat().toMillis();
    threads.scheduleAtFixedRate(
        () -> open.forEach(JobStream::beat), beat, beat, TimeUnit.MILLISECONDS);
    meters.openStreams(open::size);
  }

  /** Whether the stream of an ended job has nothing after {@code lastId}. */
  public boolean isExhausted(String jobId, String lastId) {
    return log.after(jobId, lastId).isEmpty();
  }

  /**
   * Streams a job's events after {@code lastId} until the job's end. Returns at once.
   *
   * @param answer to which nothing was written yet
   * @param render events as they go to the client
   * @throws ProblemException 503 if too many streams are open
   */
  public void stream(
      HttpServletRequest call,
      HttpServletResponse answer,
      String jobId,
      String lastId,
      Function<List<StreamedEvent>, byte[]> render)
      throws IOException {
    JobStream stream = new JobStream(jobId, lastId, render);
    admit(stream);
    try {
      stream.open(call, answer);
    } catch (IOException | RuntimeException e) {
      stream.closed();
      throw e;
    }
  }

  private synchronized void admit(JobStream stream) {
    if (open.size() >= limits.maxStreams()) {
      throw ProblemException.unavailable(
          open.size()
              + " event streams are open; the limit is "
              + limits.maxStreams()
              + " (fresco.limits.max-streams)",
          TRY_AGAIN);
    }
    open.add(stream);
  }

  /** Ends every stream before the server waits for open calls; the clients come back elsewhere. */
  @EventListener(ContextClosedEvent.class)
  void endAll() {
    open.forEach(JobStream::end);
  }

  /** One client that follows one job. */
  private final class JobStream implements EventChannel.Feeder {
    private static final byte[] HEARTBEAT = {':', '\n', '\n'};

    private final String jobId;
    private final Function<List<StreamedEvent>, byte[]> render;
    private final Runnable wake = this::feed;
    private EventChannel channel;
    private String lastId;
    private boolean ended;

    JobStream(String jobId, String lastId, Function<List<StreamedEvent>, byte[]> render) {
      this.jobId = jobId;
      this.lastId = lastId;
      this.render = render;
    }

    synchronized void open(HttpServletRequest call, HttpServletResponse answer) throws IOException {
      answer.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
      answer.setCharacterEncoding(StandardCharsets.UTF_8.name());
      answer.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
      // Some proxies hold a stream back until it ends unless they are told not to.
      answer.setHeader("X-Accel-Buffering", "no");
      answer.flushBuffer();
      changes.watch(jobId, wake);
      channel = EventChannel.open(call.startAsync(), this);
    }

    /** Gives the client what is new, unless it has not taken what it was given before. */
    private synchronized void feed() {
      if (ended || channel == null || channel.isClosed() || !channel.isIdle()) {
        return;
      }
      List<StreamedEvent> news = log.after(jobId, lastId);
      if (news.isEmpty()) {
        return;
      }
      StreamedEvent last = news.get(news.size() - 1);
      lastId = last.id();
      ended = last.event().state().isTerminal();
      channel.write(render.apply(news));
      if (ended) {
        channel.end();
      } else if (channel.isIdle()) {
        threads.execute(wake);
      }
    }

    synchronized void beat() {
      if (!ended && channel != null && channel.isIdle()) {
        channel.write(HEARTBEAT);
      }
    }

    synchronized void end() {
      ended = true;
      if (channel != null) {
        channel.end();
      }
    }

    @Override
    public void drained() {
      threads.execute(wake);
    }

    @Override
    public void closed() {
      changes.unwatch(jobId, wake);
      open.remove(this);
    }
  }
}
