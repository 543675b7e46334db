package dev.fresco.platform.catalogue;

import dev.fresco.contracts.Topics;
import dev.fresco.platform.event.UnreadableEventException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;

/**
 * Keeps a {@link Catalogue} in step with its topic. The position lies in Redis beside the data, not
 * in a consumer group: what Redis loses is read again, at once if this process runs, else at its
 * start. The start returns when the catalogue has caught up with the topic, before the web server
 * takes calls.
 */
public final class CatalogueFollower<T> implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(CatalogueFollower.class);

  /** After the connections to Redis and Kafka, before the web server. */
  private static final int PHASE = 100;

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

  private final Catalogue<T> catalogue;
  private final TopicPartition partition;
  private final CatalogueFeed<T> events;
  private final Connections connections;
  private final Duration startLimit;

  private Consumer<String, String> consumer;
  private Thread thread;
  private CountDownLatch stopping;

  /** The position that Redis reported last. */
  private volatile long applied;

  private final Object news = new Object();

  /**
   * @param topic of one partition
   * @param events reads an event and says what it changes; null if nothing
   * @param startLimit within which the catalogue must have caught up at the start
   */
  public CatalogueFollower(
      Catalogue<T> catalogue,
      String topic,
      Function<String, Change<T>> events,
      Connections connections,
      Duration startLimit) {
    this(catalogue, topic, (offset, json) -> events.apply(json), connections, startLimit);
  }

  /**
   * @param topic of one partition
   * @param events reads an event and says what it changes
   * @param startLimit within which the catalogue must have caught up at the start
   */
  public CatalogueFollower(
      Catalogue<T> catalogue,
      String topic,
      CatalogueFeed<T> events,
      Connections connections,
      Duration startLimit) {
    this.catalogue = catalogue;
    this.partition = new TopicPartition(topic, 0);
    this.events = events;
    this.connections = connections;
    this.startLimit = startLimit;
  }

  /** The ways to Kafka. */
  public record Connections(
      KafkaAdmin admin,
      ConsumerFactory<String, String> consumers,
      KafkaTemplate<String, String> deadLetters) {}

  @Override
  public void start() {
    String topic = partition.topic();
    catalogue.belongTo(connections.admin().describeTopics(topic).get(topic).topicId().toString());
    consumer = connections.consumers().createConsumer(null, topic, null);
    try {
      consumer.assign(List.of(partition));
      applied = catalogue.position();
      consumer.seek(partition, applied);
      catchUp();
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
    stopping = new CountDownLatch(1);
    thread = new Thread(this::followUntilStopped, "follow-" + topic);
    thread.setDaemon(true);
    thread.start();
  }

  private void catchUp() {
    long end = consumer.endOffsets(List.of(partition)).get(partition);
    long start = System.nanoTime();
    while (consumer.position(partition) < end) {
      followOnce();
      if (System.nanoTime() - start > startLimit.toNanos()) {
        throw new IllegalStateException(
            "the catalogue has read %s up to %d of %d within %s (fresco.catalogue.start-limit)"
                .formatted(partition.topic(), consumer.position(partition), end, startLimit));
      }
    }
    log.info("catalogue of {} is at {}", partition.topic(), end);
  }

  private void followUntilStopped() {
    try {
      while (stopping.getCount() > 0) {
        try {
          followOnce();
        } catch (WakeupException stop) {
          return;
        } catch (RuntimeException e) {
          log.warn("cannot follow {}; trying again", partition.topic(), e);
          stopping.await(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      consumer.close();
    }
  }

  /** Reads on from where Redis stands, and applies what comes. */
  private void followOnce() {
    long position = catalogue.position();
    if (position < applied) {
      log.warn("Redis stands at {} of {}, not at {}: reading again", position, partition, applied);
      consumer.seek(partition, position);
    }
    applied = position;
    for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
      try {
        position = catalogue.follow(applied, record.offset(), change(record));
      } catch (RuntimeException e) {
        consumer.seek(partition, applied);
        throw e;
      }
      if (position < applied) {
        return;
      }
      applied = position;
      events.applied(record.key());
      synchronized (news) {
        news.notifyAll();
      }
    }
  }

  /**
   * Waits until the event at an offset has been applied.
   *
   * @return whether that was within the limit
   */
  public boolean awaitApplied(long offset, Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    synchronized (news) {
      while (applied <= offset) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        news.wait(left);
      }
      return true;
    }
  }

  /**
   * What a record changes. One that cannot be read is passed over once the dead letters have it: a
   * failure to put it there is thrown, and the record is read again.
   */
  private Change<T> change(ConsumerRecord<String, String> record) {
    try {
      return events.change(record.offset(), record.value());
    } catch (UnreadableEventException e) {
      log.error("{} {} goes to the dead letters", partition, record.offset(), e);
      connections
          .deadLetters()
          .send(record.topic() + Topics.DEAD_LETTER_SUFFIX, record.key(), record.value())
          .join();
      return null;
    }
  }

  @Override
  public void stop() {
    stopping.countDown();
    consumer.wakeup();
    try {
      thread.join(Duration.ofSeconds(10).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread = null;
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
