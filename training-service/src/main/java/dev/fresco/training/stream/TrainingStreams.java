package dev.fresco.training.stream;

import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.platform.web.EventChannel;
import dev.fresco.platform.web.ProblemException;
import dev.fresco.training.job.TrainingLimits;
import dev.fresco.training.stream.TrainingEventLog.Entry;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
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
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/** All event streams of training jobs that are open, fed by a few threads. */
@Component
public class TrainingStreams {
  private static final Logger log = LoggerFactory.getLogger(TrainingStreams.class);
  private static final Duration TRY_AGAIN = Duration.ofSeconds(10);
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final Set<Stream> open = ConcurrentHashMap.newKeySet();
  private final TrainingEventLog events;
  private final JobWatchers watchers;
  private final ScheduledExecutorService threads;
  private final TrainingLimits limits;

  TrainingStreams(
      TrainingEventLog events,
      JobWatchers watchers,
      ScheduledExecutorService streamThreads,
      TrainingLimits limits,
      MeterRegistry meters) {
    this.events = events;
    this.watchers = watchers;
    this.threads = streamThreads;
    this.limits = limits;
    long beat = HEARTBEAT.toMillis();
    threads.scheduleAtFixedRate(this::beatAll, beat, beat, TimeUnit.MILLISECONDS);
    Gauge.builder("fresco.training.streams.open", open, Set::size)
        .description("Event streams that are open now")
        .register(meters);
  }

  /** An exception that left this would end the beat of all streams for good. */
  private void beatAll() {
    for (Stream stream : open) {
      try {
        stream.beat();
      } catch (RuntimeException e) {
        log.warn("no heartbeat for a stream of {}", stream.what.jobId(), e);
      }
    }
  }

  /** Whether a stream has nothing after {@code lastId}. */
  public boolean isExhausted(String jobId, String lastId) {
    return events.after(jobId, lastId).isEmpty();
  }

  /**
   * What a client follows.
   *
   * @param lastId the id after which its stream begins
   * @param job the job as it is now
   * @param render events as they go to the client
   */
  public record Following(
      String jobId,
      String lastId,
      Supplier<TrainingJob> job,
      Function<List<Entry>, byte[]> render) {}

  /**
   * Streams a job's events until the job has ended. Returns at once.
   *
   * @param answer to which nothing was written yet
   * @throws ProblemException 503 if too many streams are open
   */
  public void stream(HttpServletRequest call, HttpServletResponse answer, Following what)
      throws IOException {
    Stream stream = new Stream(what);
    admit(stream);
    try {
      stream.open(call, answer);
    } catch (IOException | RuntimeException e) {
      stream.closed();
      throw e;
    }
  }

  private synchronized void admit(Stream stream) {
    if (open.size() >= limits.maxStreams()) {
      throw ProblemException.unavailable(
          "%d event streams are open; the limit is %d (fresco.limits.max-streams)"
              .formatted(open.size(), limits.maxStreams()),
          TRY_AGAIN);
    }
    open.add(stream);
  }

  /** Ends every stream before the server waits for open calls; the clients come back. */
  @EventListener(ContextClosedEvent.class)
  void endAll() {
    open.forEach(Stream::end);
  }

  /** One client that follows one job. */
  private final class Stream implements EventChannel.Feeder {
    private static final byte[] BEAT = {':', '\n', '\n'};

    private final Following what;
    private final Runnable wake = this::feed;
    private EventChannel channel;
    private String lastId;
    private boolean ended;

    Stream(Following what) {
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
      watchers.watch(what.jobId(), wake);
      channel = EventChannel.open(call.startAsync(), this);
    }

    /** Gives the client what is new, unless it has not taken what it was given before. */
    private synchronized void feed() {
      if (ended || channel == null || channel.isClosed() || !channel.isIdle()) {
        return;
      }
      // Asked before the events are read: its last event is then among them.
      boolean jobHasEnded = what.job().get().state().hasEnded();
      List<Entry> news = events.after(what.jobId(), lastId);
      if (news.isEmpty()) {
        if (jobHasEnded) {
          end();
        }
        return;
      }
      lastId = news.get(news.size() - 1).id();
      channel.write(what.render().apply(news));
      if (channel.isIdle()) {
        threads.execute(wake);
      }
    }

    synchronized void beat() {
      if (!ended && channel != null && channel.isIdle()) {
        channel.write(BEAT);
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
      watchers.unwatch(what.jobId(), wake);
      open.remove(this);
    }
  }
}
