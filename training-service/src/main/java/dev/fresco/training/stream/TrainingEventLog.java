package dev.fresco.training.stream;

import dev.fresco.contracts.training.TrainingEvent;
import dev.fresco.platform.event.EventCodec;
import dev.fresco.platform.web.EventStreams;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.domain.Range;
import org.springframework.data.redis.connection.Limit;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;

/**
 * The latest events of each job, in Redis. An event's id follows from its place in Kafka: it grows
 * along the stream, and is the same after Redis was filled again.
 */
@Component
public class TrainingEventLog implements EventStreams.Source<TrainingEventLog.Entry> {
  private static final RedisScript<Long> APPEND =
      RedisScript.of(new ClassPathResource("dev/fresco/training/stream/append.lua"), Long.class);
  private static final int LONGEST = 10_000;
  private static final Duration KEPT = Duration.ofDays(7);
  private static final int AT_ONCE = 100;

  private final StringRedisTemplate redis;
  private final EventCodec codec;

  TrainingEventLog(StringRedisTemplate redis, EventCodec codec) {
    this.redis = redis;
    this.codec = codec;
  }

  /**
   * An event with its id in the job's stream.
   *
   * @param id {@code <number>-0}
   */
  public record Entry(String id, TrainingEvent event) {}

  /**
   * Adds an event; one that is there is left as it is.
   *
   * @param offset of the event in its topic
   */
  public void append(String jobId, long offset, String json) {
    // Redis takes no id 0.
    redis.execute(
        APPEND,
        List.of(key(jobId)),
        (offset + 1) + "-0",
        json,
        String.valueOf(LONGEST),
        String.valueOf(KEPT.toMillis()));
  }

  @Override
  public List<Entry> after(String jobId, String lastId) {
    return redis
        .<String, String>opsForStream()
        .range(
            key(jobId),
            Range.of(Range.Bound.exclusive(lastId), Range.Bound.unbounded()),
            Limit.limit().count(AT_ONCE))
        .stream()
        .map(
            entry -> {
              TrainingEvent event = codec.read(entry.getValue().get("event"), TrainingEvent.class);
              return event == null ? null : new Entry(entry.getId().getValue(), event);
            })
        .filter(Objects::nonNull)
        .toList();
  }

  @Override
  public String idOf(Entry entry) {
    return entry.id();
  }

  /** A job that has ended may be resumed. */
  @Override
  public boolean isLast(Entry entry) {
    return false;
  }

  private static String key(String jobId) {
    return "fresco:{training}:events:" + jobId;
  }
}
