package dev.fresco.gateway.admission;

import dev.fresco.contracts.job.JobRequested;
import dev.fresco.gateway.config.GatewaySettings;
import dev.fresco.gateway.view.Completeness;
import dev.fresco.gateway.view.RedisKeys;
import dev.fresco.platform.event.EventCodec;
import dev.fresco.platform.web.ProblemException;
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
  private final Completeness completeness;

  IdempotencyKeys(
      StringRedisTemplate redis,
      EventCodec codec,
      GatewaySettings settings,
      Completeness completeness) {
    this.completeness = completeness;
    this.redis = redis;
    this.codec = codec;
    this.settings = settings;
  }

  /**
   * What a key stands for.
   *
   * @throws ProblemException 503 if Redis knows nothing, and has not been filled again yet
   */
  Optional<JobRequested> find(String tenant, String key) {
    Optional<JobRequested> known = read(tenant, key);
    if (known.isEmpty()) {
      completeness.require();
    }
    return known;
  }

  private Optional<JobRequested> read(String tenant, String key) {
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
    return Boolean.TRUE.equals(taken) ? Optional.empty() : read(requested.tenant(), key);
  }
}
