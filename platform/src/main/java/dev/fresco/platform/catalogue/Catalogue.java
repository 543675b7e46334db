package dev.fresco.platform.catalogue;

import dev.fresco.platform.event.EventCodec;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.domain.Range;
import org.springframework.data.redis.connection.Limit;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * Records by id and in lists, kept in Redis, rebuilt from a Kafka topic of one partition.
 *
 * <p>Goal: a caller reads its own write, while Redis may lose everything at any time.
 *
 * <p>Constraints: the same change arrives twice, from the call that published it and from the
 * {@link CatalogueFollower} of the topic, in any order relative to other changes of the same id;
 * several processes may do so at once.
 *
 * <p>Algorithm: a change carries the offset of its event, and the offsets of one partition order
 * all changes. Redis holds the position up to which the topic has been followed, and for ids that
 * callers changed beyond it the offset of that change. A change below either of them is known and
 * does nothing. Each change is one script, so position and data never part.
 *
 * <p>Example: a call publishes Deleted at offset 7 and applies it; a follower that lags applies the
 * id's Registered at offset 3 later: 3 is below 7, so the id stays deleted.
 */
public final class Catalogue<T> {
  private static final RedisScript<Long> CHANGE =
      RedisScript.of(new ClassPathResource("dev/fresco/platform/catalogue/change.lua"), Long.class);
  private static final String CALLER = "-1";
  private static final String BETWEEN = "|";

  /** The character after {@link #BETWEEN}: no entry of a shelf sorts behind it. */
  private static final String BEHIND = "}";

  private final StringRedisTemplate redis;
  private final EventCodec codec;
  private final Class<T> type;
  private final Function<T, Listed> listing;
  private final String topicKey;
  private final String recordsKey;
  private final String indexKey;
  private final List<String> keys;

  /**
   * @param name of the catalogue, the start of its keys in Redis
   * @param listing where a record appears in lists
   */
  public Catalogue(
      StringRedisTemplate redis,
      EventCodec codec,
      String name,
      Class<T> type,
      Function<T, Listed> listing) {
    this.redis = redis;
    this.codec = codec;
    this.type = type;
    this.listing = listing;
    // The braces keep a catalogue's keys on one node of a Redis cluster.
    String prefix = "fresco:{" + name + "}:";
    this.topicKey = prefix + "topic";
    this.recordsKey = prefix + "records";
    this.indexKey = prefix + "index";
    this.keys =
        List.of(prefix + "position", recordsKey, prefix + "offsets", prefix + "entries", indexKey);
  }

  public Optional<T> find(String id) {
    return Optional.ofNullable(redis.<String, String>opsForHash().get(recordsKey, id))
        .map(json -> codec.read(json, type));
  }

  /** How many records there are. */
  public long size() {
    return redis.opsForHash().size(recordsKey);
  }

  /** A part of a shelf, latest first. */
  public Page<T> list(String shelf, PageRequest request) {
    String start = shelf + BETWEEN;
    String end = request.after() == null ? shelf + BEHIND : start + request.after();
    List<String> entries =
        List.copyOf(
            redis
                .opsForZSet()
                .reverseRangeByLex(
                    indexKey,
                    Range.rightOpen(start, end),
                    Limit.limit().count(request.limit() + 1)));
    List<String> shown = entries.subList(0, Math.min(request.limit(), entries.size()));
    String next =
        entries.size() > shown.size()
            ? PageRequest.cursor(shown.get(shown.size() - 1).substring(start.length()))
            : null;
    return new Page<>(read(shown), next);
  }

  private List<T> read(List<String> entries) {
    if (entries.isEmpty()) {
      return List.of();
    }
    List<String> ids =
        entries.stream().map(entry -> entry.substring(entry.lastIndexOf(BETWEEN) + 1)).toList();
    // A record that was removed since the index was read is null here.
    return redis.<String, String>opsForHash().multiGet(recordsKey, ids).stream()
        .filter(Objects::nonNull)
        .map(json -> codec.read(json, type))
        .toList();
  }

  /**
   * Applies a change that this process has published.
   *
   * @param offset of its event in the topic
   */
  public void apply(Change<T> change, long offset) {
    run(CALLER, offset, change);
  }

  /**
   * Applies what was read from the topic and moves the position behind it.
   *
   * @param from the offset from which the follower read on
   * @param offset where the record was found; more than {@code from} where others were compacted
   * @param change null if the record changes nothing
   * @return the position; less than {@code from} if Redis lost what was applied before
   */
  long follow(long from, long offset, Change<T> change) {
    return run(String.valueOf(from), offset, change);
  }

  /** The offset of the first record that has not been applied. */
  long position() {
    String position = redis.opsForValue().get(keys.get(0));
    return position == null ? 0 : Long.parseLong(position);
  }

  /** Forgets everything if it came from another topic, as after the broker's data were replaced. */
  void belongTo(String topicId) {
    String known = redis.opsForValue().get(topicKey);
    if (known != null && !known.equals(topicId)) {
      redis.delete(keys);
    }
    redis.opsForValue().set(topicKey, topicId);
  }

  private long run(String from, long offset, Change<T> change) {
    boolean kept = change != null && change.record() != null;
    return redis.execute(
        CHANGE,
        keys,
        from,
        String.valueOf(offset),
        change == null ? "" : change.id(),
        kept ? codec.write(change.record()) : "",
        kept ? entries(change) : "");
  }

  private String entries(Change<T> change) {
    Listed listed = listing.apply(change.record());
    String place =
        BETWEEN + String.format("%015d", listed.at().toEpochMilli()) + BETWEEN + change.id();
    return listed.shelves().stream().map(shelf -> shelf + place).collect(Collectors.joining("\n"));
  }
}
