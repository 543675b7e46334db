package dev.fresco.gateway.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobRequested;
import dev.fresco.contracts.job.JobState;
import dev.fresco.gateway.config.GatewaySettings;
import dev.fresco.platform.event.EventCodec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.springframework.core.io.ClassPathResource;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.stereotype.Component;

/**
 * Takes requests and events into the views in Redis.
 *
 * <p>Goal: however often a record is delivered, and whatever dies in between, it counts once.
 * Algorithm: read the view, decide here what becomes of it, and let a script on Redis swap it if
 * nobody else has changed it, together with the offset of the record. A record below the stored
 * offset is left out.
 */
@Component
public class ViewWriter {
  private static final RedisScript<String> SCRIPT =
      RedisScript.of(
          new ClassPathResource("dev/fresco/gateway/view/change-view.lua"), String.class);
  private static final int ATTEMPTS = 100;

  /** What became of a record. */
  public enum Outcome {
    /** It is in the view. */
    CHANGED,
    /** It was news about a state that the job has left, or of an ended job. */
    IGNORED,
    /** It had been taken in before. */
    KNOWN,
    /** It is passed over: unreadable, or about a job that is no longer kept. */
    PASSED_OVER,
    /** Redis has lost records that it held before: read again from {@link #offsets()}. */
    LOST
  }

  /**
   * What the script needs to know.
   *
   * @param id of the job, or null if only the offset moves
   * @param streamMillis how long the job's stream is kept
   * @param source the partition that the record came from, or null
   * @param oldestId of the jobs that are still listed, made at {@code oldestMillis}
   * @param keyMillis how long the idempotency key has left
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Change(
      String id,
      String source,
      long offset,
      long believedNext,
      long keptMillis,
      long streamMillis,
      boolean listed,
      String oldestId,
      long oldestMillis,
      boolean queued,
      long createdMillis,
      long keyMillis) {}

  private final StringRedisTemplate redis;
  private final EventCodec codec;
  private final Clock clock;
  private final GatewaySettings settings;
  private final KafkaAdmin kafka;

  ViewWriter(
      StringRedisTemplate redis,
      EventCodec codec,
      Clock clock,
      GatewaySettings settings,
      KafkaAdmin kafka) {
    this.redis = redis;
    this.codec = codec;
    this.clock = clock;
    this.settings = settings;
    this.kafka = kafka;
  }

  /**
   * Takes in a request.
   *
   * @param position where it was read, or null if it was just sent
   */
  public Outcome write(JobRequested requested, KafkaPosition position) {
    return write(requested.jobId(), view -> view.with(requested), null, position);
  }

  /** Takes in an event, and appends it to the job's stream unless it is old news. */
  public Outcome write(JobEvent event, KafkaPosition position) {
    return write(event.jobId(), view -> view.with(event), event, position);
  }

  /** Notes that nothing is to be taken from a record, so that it is not read again. */
  public Outcome passOver(KafkaPosition position) {
    Change nothing =
        new Change(
            null,
            position.field(),
            position.offset(),
            position.believedNext(),
            0,
            0,
            false,
            "",
            0,
            false,
            0,
            0);
    return Outcome.valueOf(
        run(List.of("", "", "", "", "", offsetsKey()), codec.write(nothing), "", "", "", ""));
  }

  private String run(List<String> keys, String... arguments) {
    return redis.execute(SCRIPT, keys, (Object[]) arguments);
  }

  private Outcome write(
      String id, UnaryOperator<JobView> merge, JobEvent event, KafkaPosition position) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      String before = Optional.ofNullable(redis.opsForValue().get(RedisKeys.view(id))).orElse("");
      JobView view = before.isEmpty() ? JobView.unknown(id) : codec.read(before, JobView.class);
      JobView after = merge.apply(view);
      boolean news = after != view;
      String answer = swap(before, after, news, news ? asShown(event, after) : null, position);
      if (!answer.equals("MOVED")) {
        Outcome outcome = Outcome.valueOf(answer);
        return outcome == Outcome.CHANGED && !news ? Outcome.IGNORED : outcome;
      }
    }
    throw new OptimisticLockingFailureException(
        "the view of " + id + " changed under " + ATTEMPTS + " attempts to change it");
  }

  /** A job that runs again counts from 0; those who follow it see what the view shows. */
  private static JobEvent asShown(JobEvent event, JobView view) {
    if (event instanceof JobEvent.Step step) {
      JobProgress shown = view.progress();
      return new JobEvent.Step(
          step.jobId(), step.at(), shown.stepsDone(), shown.stepsTotal(), step.preview());
    }
    return event;
  }

  private String swap(
      String before, JobView after, boolean news, JobEvent event, KafkaPosition position) {
    JobRequested requested = after.requested();
    boolean keyed = requested != null && requested.idempotency() != null && position != null;
    return run(
        List.of(
            RedisKeys.view(after.id()),
            RedisKeys.events(after.id()),
            requested == null ? "" : RedisKeys.jobs(requested.tenant()),
            RedisKeys.QUEUE,
            keyed ? RedisKeys.idempotency(requested.tenant(), requested.idempotency().key()) : "",
            position == null ? "" : offsetsKey()),
        codec.write(change(after, position)),
        before,
        news ? codec.write(after) : "",
        event == null ? "" : codec.write(event),
        keyed ? codec.write(requested) : "",
        RedisKeys.CHANGED);
  }

  private Change change(JobView view, KafkaPosition position) {
    JobRequested requested = view.requested();
    long created = requested == null ? 0 : requested.createdAt().toEpochMilli();
    Duration kept = settings.viewsKept();
    Duration streamKept = view.state().isTerminal() ? settings.endedStreamsKept() : kept;
    Instant oldest = clock.instant().minus(kept);
    return new Change(
        view.id(),
        position == null ? null : position.field(),
        position == null ? 0 : position.offset(),
        position == null ? 0 : position.believedNext(),
        kept.toMillis(),
        streamKept.toMillis(),
        requested != null,
        JobIds.leastAt(oldest),
        oldest.toEpochMilli(),
        requested != null && view.state() == JobState.QUEUED,
        created,
        created + settings.keysKept().toMillis() - clock.millis());
  }

  /** The next offset of each partition of this cluster that has been read. */
  public Map<String, Long> offsets() {
    Map<String, Long> offsets = new HashMap<>();
    redis
        .<String, String>opsForHash()
        .entries(offsetsKey())
        .forEach((field, next) -> offsets.put(field, Long.parseLong(next)));
    return offsets;
  }

  /** Of {@link #offsets()}: the next offset of one partition, or null if none was read. */
  public static Long next(Map<String, Long> offsets, String topic, int partition) {
    return offsets.get(KafkaPosition.field(topic, partition));
  }

  private String offsetsKey() {
    String clusterId = kafka.clusterId();
    if (clusterId == null) {
      throw new IllegalStateException("Kafka does not say which cluster it is");
    }
    return RedisKeys.offsets(clusterId);
  }
}
