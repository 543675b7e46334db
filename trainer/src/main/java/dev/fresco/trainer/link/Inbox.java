package dev.fresco.trainer.link;

import dev.fresco.engine.HostTensor;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Messages that have come and are waited for.
 *
 * <p>A message that comes twice is kept once. To know doubles, keys are remembered for the newest
 * iteration seen and the one before it; whatever comes for earlier ones is a double, as no stage
 * begins an iteration before all have ended the one before.
 */
final class Inbox {
  private final Map<MessageKey, HostTensor> waiting = new HashMap<>();
  private final NavigableMap<Long, Set<MessageKey>> seen = new TreeMap<>();
  private long newest;
  private LinkException failure;

  /** Takes a message in; false if it is a double. */
  synchronized boolean put(Message message) {
    long iteration = message.key().iteration();
    if (iteration > newest) {
      newest = iteration;
      seen.headMap(newest - 1).clear();
      waiting.keySet().removeIf(key -> key.iteration() < newest - 1);
    }
    if (iteration < newest - 1
        || !seen.computeIfAbsent(iteration, any -> new HashSet<>()).add(message.key())) {
      return false;
    }
    waiting.put(message.key(), message.tensor());
    notifyAll();
    return true;
  }

  /** As {@link StageLinks#take}. */
  synchronized HostTensor take(MessageKey key, Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!waiting.containsKey(key)) {
      if (failure != null) {
        throw new LinkException("no " + key + ": " + failure.getMessage(), failure);
      }
      long left = end - System.nanoTime();
      if (left <= 0) {
        throw new LinkException("no %s within %d ms (takeLimit)".formatted(key, limit.toMillis()));
      }
      wait(left / 1_000_000, (int) (left % 1_000_000));
    }
    return waiting.remove(key);
  }

  /** Messages that have come and were not taken. */
  synchronized int size() {
    return waiting.size();
  }

  /** Ends all waiting, now and later; what has come can still be taken. */
  synchronized void fail(LinkException cause) {
    if (failure == null) {
      failure = cause;
      notifyAll();
    }
  }
}
