package dev.fresco.gateway.stream;

import dev.fresco.contracts.job.JobEvent;
import dev.fresco.gateway.view.RedisKeys;
import dev.fresco.platform.event.EventCodec;
import dev.fresco.platform.web.EventStreams;
import java.util.List;
import org.springframework.data.domain.Range;
import org.springframework.data.redis.connection.Limit;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.stereotype.Component;

/** Reads the stream of a job's events from Redis. */
@Component
class JobEventLog implements EventStreams.Source<StreamedEvent> {
  private static final int AT_ONCE = 100;

  private final StringRedisTemplate redis;
  private final EventCodec codec;

  JobEventLog(StringRedisTemplate redis, EventCodec codec) {
    this.redis = redis;
    this.codec = codec;
  }

  @Override
  public List<StreamedEvent> after(String jobId, String lastId) {
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

  @Override
  public String idOf(StreamedEvent event) {
    return event.id();
  }

  @Override
  public boolean isLast(StreamedEvent event) {
    return event.event().state().isTerminal();
  }
}
