package dev.fresco.gateway.catalogue;

import dev.fresco.platform.catalogue.Change;
import dev.fresco.platform.event.UnreadableEventException;
import dev.fresco.platform.web.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.ConsumerFactory;

/**
 * What a compacted topic of one partition says of each id, in memory.
 *
 * <p>Goal: a caller who has just registered something can name it at once, although it was another
 * service that published it; and what a lagging reader has not seen yet is not called unknown.
 *
 * <p>Algorithm: a thread reads the topic from its beginning and goes on following it. An id that is
 * not there is looked for again when the thread has come to where the topic ended at that moment.
 * Whoever waits for that gives up after a while, as while Kafka is away.
 */
public final class FollowedTopic<T> implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(FollowedTopic.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
  private static final Duration LATEST_WITHIN = Duration.ofSeconds(3);
  private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

  private final TopicPartition partition;
  private final Function<String, Change<T>> events;
  private final ConsumerFactory<?, ?> consumers;
  private final Map<String, T> records = new ConcurrentHashMap<>();
  private final BlockingQueue<CompletableFuture<Void>> asked = new LinkedBlockingQueue<>();

  private volatile boolean running;
  private volatile Consumer<?, ?> consumer;
  private Thread thread;

  /** The next offset to read; only the thread knows it. */
  private long position;

  /**
   * @param events reads an event and says what it changes; null if nothing
   */
  public FollowedTopic(
      String topic, Function<String, Change<T>> events, ConsumerFactory<?, ?> consumers) {
    this.partition = new TopicPartition(topic, 0);
    this.events = events;
    this.consumers = consumers;
  }

  /**
   * The record of an id.
   *
   * @throws ProblemException 503 if it is not there and the topic cannot be read to its end now
   */
  public Optional<T> find(String id) {
    T known = records.get(id);
    if (known == null) {
      awaitLatest();
      known = records.get(id);
    }
    return Optional.ofNullable(known);
  }

  private void awaitLatest() {
    CompletableFuture<Void> latest = new CompletableFuture<>();
    asked.add(latest);
    Consumer<?, ?> waiting = consumer;
    if (waiting != null) {
      waiting.wakeup();
    }
    try {
      latest.get(LATEST_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unread();
    } catch (ExecutionException | TimeoutException e) {
      throw unread();
    } finally {
      asked.remove(latest);
    }
  }

  private ProblemException unread() {
    return ProblemException.unavailable(
        "%s is not read to its end".formatted(partition.topic()), TRY_AGAIN);
  }

  /** Someone who waits until the topic is read up to an offset. */
  private record Waiting(CompletableFuture<Void> latest, long end) {}

  private void run() {
    while (running) {
      try (Consumer<?, ?> current = consumers.createConsumer(null, partition.topic(), null)) {
        current.assign(List.of(partition));
        current.seek(partition, position);
        consumer = current;
        follow(current);
      } catch (RuntimeException e) {
        log.warn("cannot follow {}; trying again from {}", partition.topic(), position, e);
        pause();
      } finally {
        consumer = null;
      }
    }
  }

  private void follow(Consumer<?, ?> current) {
    List<Waiting> waiting = new ArrayList<>();
    while (running) {
      try {
        waiting.addAll(whoAsks(current));
        current.poll(POLL).forEach(this::take);
        position = current.position(partition);
      } catch (WakeupException someoneAsks) {
        log.trace("{} is asked for its end", partition);
      }
      List<Waiting> reached = waiting.stream().filter(one -> one.end() <= position).toList();
      reached.forEach(one -> one.latest().complete(null));
      waiting.removeAll(reached);
    }
  }

  private List<Waiting> whoAsks(Consumer<?, ?> current) {
    if (asked.isEmpty()) {
      return List.of();
    }
    // The end is asked for after they are known: it is not before the moment at which they asked.
    List<CompletableFuture<Void>> now = List.copyOf(asked);
    long end = current.endOffsets(List.of(partition)).get(partition);
    asked.removeAll(now);
    return now.stream().map(latest -> new Waiting(latest, end)).toList();
  }

  private void take(ConsumerRecord<?, ?> read) {
    try {
      Change<T> change = events.apply((String) read.value());
      if (change != null && change.record() != null) {
        records.put(change.id(), change.record());
      } else if (change != null) {
        records.remove(change.id());
      }
    } catch (UnreadableEventException e) {
      // Every gateway reads every record: the dead letters would fill with one copy of each.
      log.warn("passed over {}@{}", partition, read.offset(), e);
    }
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_FAILURE.toMillis());
    } catch (InterruptedException e) {
      running = false;
    }
  }

  @Override
  public void start() {
    running = true;
    thread = new Thread(this::run, "follow-" + partition.topic());
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void stop() {
    running = false;
    Consumer<?, ?> current = consumer;
    if (current != null) {
      current.wakeup();
    }
    try {
      thread.join(Duration.ofSeconds(10).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
