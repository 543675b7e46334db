package dev.fresco.gateway.view;

import dev.fresco.contracts.job.JobState;
import dev.fresco.platform.event.EventCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.springframework.data.domain.Range;
import org.springframework.data.redis.connection.Limit;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.stereotype.Component;

/** Reads the views of jobs. A tenant sees its own only. */
@Component
public class JobViews {
  private static final int LOOK_AT_ONCE = 100;

  /** So that a filter that fits nothing does not read all jobs in one call. */
  private static final int LOOK_AT_MOST = 2000;

  private final StringRedisTemplate redis;
  private final EventCodec codec;

  JobViews(StringRedisTemplate redis, EventCodec codec) {
    this.redis = redis;
    this.codec = codec;
  }

  /** A part of the list; {@code next} is the id after which the following part begins, or null. */
  public record Page(List<JobView> jobs, String next) {}

  /** A job of the tenant; one whose request has not been read yet is there without it. */
  public Optional<JobView> find(String tenant, String id) {
    return Optional.ofNullable(redis.opsForValue().get(RedisKeys.view(id)))
        .map(text -> codec.read(text, JobView.class))
        .filter(view -> !view.hasRequest() || view.requested().tenant().equals(tenant));
  }

  /** How many jobs were accepted before this one and still wait; empty if it does not wait. */
  public Optional<Integer> queuePosition(JobView view) {
    if (view.state() != JobState.QUEUED) {
      return Optional.empty();
    }
    return Optional.ofNullable(redis.opsForZSet().rank(RedisKeys.QUEUE, view.id()))
        .map(Math::toIntExact);
  }

  /**
   * The tenant's jobs, newest first.
   *
   * @param after the id of a job that, with all newer ones, is left out; or null
   * @param limit the most jobs to return; fewer, even none, may come with a {@code next}
   */
  public Page list(String tenant, Predicate<JobView> wanted, String after, int limit) {
    List<JobView> found = new ArrayList<>();
    String last = after;
    for (int seen = 0; seen < LOOK_AT_MOST; seen += LOOK_AT_ONCE) {
      List<String> ids = idsBelow(tenant, last);
      for (JobView view : read(ids)) {
        last = view.id();
        if (view.hasRequest() && wanted.test(view)) {
          found.add(view);
        }
        if (found.size() == limit) {
          return new Page(found, last);
        }
      }
      if (ids.size() < LOOK_AT_ONCE) {
        return new Page(found, null);
      }
      last = ids.get(ids.size() - 1);
    }
    return new Page(found, last);
  }

  private List<String> idsBelow(String tenant, String id) {
    Range.Bound<String> newest = id == null ? Range.Bound.unbounded() : Range.Bound.exclusive(id);
    return List.copyOf(
        redis
            .opsForZSet()
            .reverseRangeByLex(
                RedisKeys.jobs(tenant),
                Range.of(Range.Bound.unbounded(), newest),
                Limit.limit().count(LOOK_AT_ONCE)));
  }

  private List<JobView> read(List<String> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    return redis.opsForValue().multiGet(ids.stream().map(RedisKeys::view).toList()).stream()
        .filter(Objects::nonNull)
        .map(text -> codec.read(text, JobView.class))
        .toList();
  }
}
