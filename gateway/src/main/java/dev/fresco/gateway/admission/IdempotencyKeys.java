package dev.fresco.gateway.admission;

import dev.fresco.contracts.job.JobRequested;
import dev.fresco.gateway.config.GatewaySettings;
import dev.fresco.gateway.view.RedisKeys;
import dev.fresco.platform.event.EventCodec;
import java.util.Optional;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.stereotype.Component;

/**
 * Which job each idempotency key stands for. A key is taken before its job is sent, with the whole
 * record: whoever finds a key whose job never reached Kafka sends that record, word for word.
 */
@Component
class IdempotencyKeys {
  private final StringRedisTemplate redis;
  private final EventCodec codec;
  private final GatewaySettings settings;

  IdempotencyKeys(StringRedisTemplate redis, EventCodec codec, GatewaySettings settings) {
    this.redis = redis;
    this.codec = codec;
    this.settings = settings;
  }

  Optional<JobRequested> find(String tenant, String key) {
    return Optional.ofNullable(redis.opsForValue().get(RedisKeys.idempotency(tenant, key)))
        .map(text -> codec.read(text, JobRequested.class));
  }

  /**
   * Takes the key of {@code requested} for it.
   *
   * @return what the key stood for already, or empty if it was free
   */
  Optional<JobRequested> take(JobRequested requested) {
    String key = requested.idempotency().key();
    Boolean taken =
        redis
            .opsForValue()
            .setIfAbsent(
                RedisKeys.idempotency(requested.tenant(), key),
                codec.write(requested),
                settings.keysKept());
    return Boolean.TRUE.equals(taken) ? Optional.empty() : find(requested.tenant(), key);
  }
}
