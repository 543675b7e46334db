package dev.fresco.router.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Reads all partitions of a topic without a group, from the beginning or from now on, on a thread
 * of its own. Where "now" is has been settled when {@link #start()} returns.
 */
public final class TopicFollower implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(TopicFollower.class);

  /** After the loop, before the listener. */
  private static final int PHASE = 1;

  private final String topic;
  private final boolean fromBeginning;
  private final Supplier<org.apache.kafka.clients.consumer.Consumer<String, String>> consumers;
  private final Consumer<ConsumerRecord<String, String>> sink;
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private volatile org.apache.kafka.clients.consumer.Consumer<String, String> consumer;
  private volatile boolean running;
  private Thread thread;

  public TopicFollower(
      String topic,
      boolean fromBeginning,
      Supplier<org.apache.kafka.clients.consumer.Consumer<String, String>> consumers,
      Consumer<ConsumerRecord<String, String>> sink) {
    this.topic = topic;
    this.fromBeginning = fromBeginning;
    this.consumers = consumers;
    this.sink = sink;
  }

  @Override
  public void start() {
    try (var first = consumers.get()) {
      List<TopicPartition> partitions = Partitions.of(first, topic);
      first.assign(partitions);
      if (fromBeginning) {
        first.seekToBeginning(partitions);
      } else {
        first.seekToEnd(partitions);
      }
      partitions.forEach(partition -> positions.put(partition, first.position(partition)));
    }
    running = true;
    thread = new Thread(this::run, "follow-" + topic);
    thread.start();
  }

  private void run() {
    while (running) {
      try (var current = consumers.get()) {
        consumer = current;
        current.assign(positions.keySet());
        positions.forEach(current::seek);
        follow(current);
      } catch (WakeupException e) {
        log.debug("the follower of {} stops", topic);
      } catch (RuntimeException e) {
        log.error("reading {} failed; goes on from {} in a second", topic, positions, e);
        pause();
      }
    }
  }

  private void follow(org.apache.kafka.clients.consumer.Consumer<String, String> current) {
    while (running) {
      for (ConsumerRecord<String, String> read : current.poll(Duration.ofSeconds(1))) {
        take(read);
        positions.put(new TopicPartition(read.topic(), read.partition()), read.offset() + 1);
      }
    }
  }

  private void take(ConsumerRecord<String, String> read) {
    try {
      sink.accept(read);
    } catch (RuntimeException e) {
      // Every follower of the topic meets it, so none sends it to the dead letters.
      log.warn("passed over {}-{}@{}", read.topic(), read.partition(), read.offset(), e);
    }
  }

  private void pause() {
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException e) {
      running = false;
    }
  }

  @Override
  public void stop() {
    running = false;
    var current = consumer;
    if (current != null) {
      current.wakeup();
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
