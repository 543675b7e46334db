package dev.fresco.gateway.stream;

import dev.fresco.contracts.job.JobEvent;
import dev.fresco.gateway.view.RedisKeys;
import dev.fresco.platform.event.EventCodec;
import java.util.List;
import org.springframework.data.domain.Range;
import org.springframework.data.redis.connection.Limit;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.stereotype.Component;

/** Reads the stream of a job's events from Redis. */
@Component
class JobEventLog {
  private static final int AT_ONCE = 100;

  private final StringRedisTemplate redis;
  private final EventCodec codec;

  JobEventLog(StringRedisTemplate redis, EventCodec codec) {
    this.redis = redis;
    this.codec = codec;
  }

  /** The next events after {@code lastId}, oldest first; empty if there are none yet. */
  List<StreamedEvent> after(String jobId, String lastId) {
    return redis
        .<String, String>opsForStream()
        .range(
            RedisKeys.events(jobId),
            Range.of(Range.Bound.exclusive(lastId), Range.Bound.unbounded()),
            Limit.limit().count(AT_ONCE))
        .stream()
        .map(
            entry ->
                new StreamedEvent(
                    entry.getId().getValue(),
                    codec.read(entry.getValue().get("event"), JobEvent.class)))
        .toList();
  }
}
