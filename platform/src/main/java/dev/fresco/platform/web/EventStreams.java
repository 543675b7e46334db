package dev.fresco.platform.web;

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
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * All server-sent event streams that a service has open, fed by a few threads. They end before the
 * server waits for open calls; the clients come back elsewhere.
 *
 * @param <E> an event
 */
public final class EventStreams<E> implements ApplicationListener<ContextClosedEvent> {
  private static final Logger log = LoggerFactory.getLogger(EventStreams.class);
  private static final Duration TRY_AGAIN = Duration.ofSeconds(10);
  private static final Pattern EVENT_ID = Pattern.compile("[0-9]{1,18}(-[0-9]{1,18})?");
  private static final String BEGINNING = "0-0";

  private final Set<OneStream> open = ConcurrentHashMap.newKeySet();
  private final Source<E> source;
  private final JobWatchers watchers;
  private final ScheduledExecutorService threads;
  private final int maxStreams;

  /** Where events come from. */
  public interface Source<E> {
    /** The events of a job after one of them, oldest first; not all of them at once. */
    List<E> after(String jobId, String lastId);

    String idOf(E event);

    /** Whether no event of its job comes after it. */
    boolean isLast(E event);
  }

  /**
   * @param watchers that are woken when a job has changed
   * @param threads that serve all streams
   * @param maxStreams that are open at a time, {@code fresco.limits.max-streams}
   * @param heartbeat between two comments
   */
  public EventStreams(
      Source<E> source,
      JobWatchers watchers,
      ScheduledExecutorService threads,
      int maxStreams,
      Duration heartbeat) {
    this.source = source;
    this.watchers = watchers;
    this.threads = threads;
    this.maxStreams = maxStreams;
    long beat = heartbeat.toMillis();
    threads.scheduleAtFixedRate(this::beatAll, beat, beat, TimeUnit.MILLISECONDS);
  }

  /** An exception that left this would end the beat of all streams for good. */
  private void beatAll() {
    for (OneStream stream : open) {
      try {
        stream.beat();
      } catch (RuntimeException e) {
        log.warn("no heartbeat for a stream of {}", stream.what.jobId(), e);
      }
    }
  }

  /** How many are open. */
  public int count() {
    return open.size();
  }

  /**
   * Where a stream begins.
   *
   * @param lastEventId the header {@code Last-Event-ID}, or null
   * @throws ProblemException 400 if it is no id
   */
  public static String lastId(String lastEventId) {
    if (lastEventId != null && !EVENT_ID.matcher(lastEventId).matches()) {
      throw ProblemException.malformed(
          "Last-Event-ID is not an id of this stream",
          List.of(
              new FieldProblem(
                  "Last-Event-ID", lastEventId, EVENT_ID.pattern(), "must be an id of a stream")));
    }
    return lastEventId == null ? BEGINNING : lastEventId;
  }

  /** Whether the stream of an ended job has nothing after {@code lastId}. */
  public boolean isExhausted(String jobId, String lastId) {
    return source.after(jobId, lastId).isEmpty();
  }

  /**
   * What a client follows.
   *
   * @param lastId the id after which its stream begins
   * @param hasEnded whether the job has ended
   * @param render events as they go to the client
   */
  public record Following<E>(
      String jobId, String lastId, BooleanSupplier hasEnded, Function<List<E>, byte[]> render) {}

  /**
   * Streams a job's events until the job's end. Returns at once.
   *
   * @param answer to which nothing was written yet
   * @throws ProblemException 503 if too many streams are open
   */
  public void stream(HttpServletRequest call, HttpServletResponse answer, Following<E> what)
      throws IOException {
    OneStream stream = new OneStream(what);
    admit(stream);
    try {
      stream.open(call, answer);
    } catch (IOException | RuntimeException e) {
      stream.closed();
      throw e;
    }
  }

  private synchronized void admit(OneStream stream) {
    if (open.size() >= maxStreams) {
      throw ProblemException.unavailable(
          "%d event streams are open; the limit is %d (fresco.limits.max-streams)"
              .formatted(open.size(), maxStreams),
          TRY_AGAIN);
    }
    open.add(stream);
  }

  @Override
  public void onApplicationEvent(ContextClosedEvent closed) {
    open.forEach(OneStream::end);
  }

  /** One client that follows one job. */
  private final class OneStream implements EventChannel.Feeder {
    private static final byte[] HEARTBEAT = {':', '\n', '\n'};

    private final Following<E> what;
    private final Runnable wake = this::feed;
    private EventChannel channel;
    private String lastId;
    private boolean ended;

    OneStream(Following<E> what) {
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
      List<E> news = news();
      if (news.isEmpty()) {
        return;
      }
      E last = news.get(news.size() - 1);
      lastId = source.idOf(last);
      ended = source.isLast(last);
      channel.write(what.render().apply(news));
      if (ended) {
        channel.end();
      } else if (channel.isIdle()) {
        threads.execute(wake);
      }
    }

    /** Of an ended job nothing more comes: a stream that asked for what is beyond its end ends. */
    private List<E> news() {
      List<E> news = source.after(what.jobId(), lastId);
      if (!news.isEmpty() || !what.hasEnded().getAsBoolean()) {
        return news;
      }
      // The end came with its event, perhaps after the look above.
      List<E> last = source.after(what.jobId(), lastId);
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
      watchers.unwatch(what.jobId(), wake);
      open.remove(this);
    }
  }
}
