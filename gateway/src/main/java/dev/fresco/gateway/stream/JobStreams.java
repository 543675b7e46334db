package dev.fresco.gateway.stream;

import dev.fresco.gateway.config.GatewayMeters;
import dev.fresco.gateway.config.GatewaySettings;
import dev.fresco.gateway.config.LimitSettings;
import dev.fresco.platform.web.EventChannel;
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
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/** All event streams that are open, fed by a few threads. */
@Component
public class JobStreams {
  private static final Logger log = LoggerFactory.getLogger(JobStreams.class);
  private static final Duration TRY_AGAIN = Duration.ofSeconds(10);

  private final Set<JobStream> open = ConcurrentHashMap.newKeySet();
  private final JobEventLog events;
  private final JobChanges changes;
  private final ScheduledExecutorService threads;
  private final LimitSettings limits;

  JobStreams(
      JobEventLog events,
      JobChanges changes,
      ScheduledExecutorService streamThreads,
      LimitSettings limits,
      GatewaySettings settings,
      GatewayMeters meters) {
    this.events = events;
    this.changes = changes;
    this.threads = streamThreads;
    this.limits = limits;
    long beat = settings.heartbeat().toMillis();
    threads.scheduleAtFixedRate(this::beatAll, beat, beat, TimeUnit.MILLISECONDS);
    meters.openStreams(open::size);
  }

  /** An exception that left this would end the beat of all streams for good. */
  private void beatAll() {
    for (JobStream stream : open) {
      try {
        stream.beat();
      } catch (RuntimeException e) {
        log.warn("no heartbeat for a stream of {}", stream.what.jobId(), e);
      }
    }
  }

  /** Whether the stream of an ended job has nothing after {@code lastId}. */
  public boolean isExhausted(String jobId, String lastId) {
    return events.after(jobId, lastId).isEmpty();
  }

  /**
   * What a client follows.
   *
   * @param lastId the id after which its stream begins
   * @param hasEnded whether the job has ended
   * @param render events as they go to the client
   */
  public record Following(
      String jobId,
      String lastId,
      BooleanSupplier hasEnded,
      Function<List<StreamedEvent>, byte[]> render) {}

  /**
   * Streams a job's events until the job's end. Returns at once.
   *
   * @param answer to which nothing was written yet
   * @throws ProblemException 503 if too many streams are open
   */
  public void stream(HttpServletRequest call, HttpServletResponse answer, Following what)
      throws IOException {
    JobStream stream = new JobStream(what);
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

    private final Following what;
    private final Runnable wake = this::feed;
    private EventChannel channel;
    private String lastId;
    private boolean ended;

    JobStream(Following what) {
      this.what = what;
      this.lastId = what.lastId();
    }

    synchronized void open(HttpServletRequest call, HttpServletResponse answer) throws IOException {
      answer.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
      answer.setCharacterEncoding(StandardCharsets.UTF_8.name());
      answer.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
      // Some proxies hold a stream back until it ends unless they are told not to.
      answer.setHeader("X-Accel-Buffering", "no");
      answer.flushBuffer();
      changes.watch(what.jobId(), wake);
      channel = EventChannel.open(call.startAsync(), this);
    }

    /** Gives the client what is new, unless it has not taken what it was given before. */
    private synchronized void feed() {
      if (ended || channel == null || channel.isClosed() || !channel.isIdle()) {
        return;
      }
      List<StreamedEvent> news = news();
      if (news.isEmpty()) {
        return;
      }
      StreamedEvent last = news.get(news.size() - 1);
      lastId = last.id();
      ended = last.event().state().isTerminal();
      channel.write(what.render().apply(news));
      if (ended) {
        channel.end();
      } else if (channel.isIdle()) {
        threads.execute(wake);
      }
    }

    /** Of an ended job nothing more comes: a stream that asked for what is beyond its end ends. */
    private List<StreamedEvent> news() {
      List<StreamedEvent> news = events.after(what.jobId(), lastId);
      if (!news.isEmpty() || !what.hasEnded().getAsBoolean()) {
        return news;
      }
      // The end came with its event, perhaps after the look above.
      List<StreamedEvent> last = events.after(what.jobId(), lastId);
      if (last.isEmpty()) {
        end();
      }
      return last;
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
      changes.unwatch(what.jobId(), wake);
      open.remove(this);
    }
  }
}
