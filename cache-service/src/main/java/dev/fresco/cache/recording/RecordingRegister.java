package dev.fresco.cache.recording;

import dev.fresco.platform.event.EventCodec;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.RedisOperations;
import org.springframework.data.redis.core.SessionCallback;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Which node has which recordings, in Redis. Each node writes what is in its folder again and
 * again; what Redis loses is there with the next heartbeat, and what a dead node said expires.
 * Without Redis a node knows its own.
 */
public final class RecordingRegister {
  private static final Logger log = LoggerFactory.getLogger(RecordingRegister.class);
  private static final String PREFIX = "fresco:{recordings}:";
  private static final String NODES = PREFIX + "nodes";
  private static final int BEATS_TO_LIVE = 3;

  private final StringRedisTemplate redis;
  private final EventCodec codec;
  private final NodeAddress own;
  private final RecordingSettings settings;

  RecordingRegister(
      StringRedisTemplate redis, EventCodec codec, NodeAddress own, RecordingSettings settings) {
    this.own = own;
    this.redis = redis;
    this.codec = codec;
    this.settings = settings;
  }

  /** Says what this node has. */
  public void announce(List<RecordingCopy> copies) {
    Map<String, String> written =
        copies.stream().collect(Collectors.toMap(RecordingCopy::id, codec::write));
    long millis = settings.heartbeat().toMillis() * BEATS_TO_LIVE;
    String address = own.find().map(URI::toString).orElse("");
    try {
      redis.execute(
          new SessionCallback<List<Object>>() {
            @Override
            @SuppressWarnings("unchecked")
            public <K, V> List<Object> execute(RedisOperations<K, V> operations) {
              RedisOperations<String, String> all = (RedisOperations<String, String>) operations;
              all.multi();
              all.opsForSet().add(NODES, settings.node());
              all.opsForValue()
                  .set(addressKey(settings.node()), address, millis, TimeUnit.MILLISECONDS);
              all.delete(copiesKey(settings.node()));
              if (!written.isEmpty()) {
                all.opsForHash().putAll(copiesKey(settings.node()), written);
                all.expire(copiesKey(settings.node()), millis, TimeUnit.MILLISECONDS);
              }
              return all.exec();
            }
          });
    } catch (DataAccessException e) {
      log.warn("other nodes do not hear of this one's recordings: {}", e.toString());
    }
  }

  /** The copies of other nodes that live. */
  public List<RecordingCopy> others() {
    try {
      List<RecordingCopy> copies = new ArrayList<>();
      for (String node : otherNodes()) {
        redis
            .<String, String>opsForHash()
            .values(copiesKey(node))
            .forEach(json -> copies.add(codec.read(json, RecordingCopy.class)));
      }
      return copies;
    } catch (DataAccessException e) {
      log.warn("other nodes' recordings are unknown: {}", e.toString());
      return List.of();
    }
  }

  /** Whether another node that lives has a recording. */
  public boolean isElsewhere(String id) {
    return others().stream().anyMatch(copy -> copy.id().equals(id));
  }

  /** The address of another node that has a recording. */
  public Optional<URI> nodeWith(String id) {
    try {
      return otherNodes().stream()
          .filter(node -> redis.opsForHash().hasKey(copiesKey(node), id))
          .map(node -> redis.opsForValue().get(addressKey(node)))
          .filter(address -> address != null && !address.isEmpty())
          .findFirst()
          .map(URI::create);
    } catch (DataAccessException e) {
      log.warn("other nodes' recordings are unknown: {}", e.toString());
      return Optional.empty();
    }
  }

  private List<String> otherNodes() {
    Set<String> nodes = Objects.requireNonNullElse(redis.opsForSet().members(NODES), Set.of());
    return nodes.stream().filter(node -> !node.equals(settings.node())).sorted().toList();
  }

  private static String addressKey(String node) {
    return PREFIX + "address:" + node;
  }

  private static String copiesKey(String node) {
    return PREFIX + "copies:" + node;
  }
}
