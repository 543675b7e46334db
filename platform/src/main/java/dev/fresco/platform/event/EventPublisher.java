package dev.fresco.platform.event;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.SendResult;

/** Sends events to Kafka. */
public final class EventPublisher {
  private static final Logger log = LoggerFactory.getLogger(EventPublisher.class);

  private final KafkaTemplate<String, String> kafka;
  private final EventCodec codec;

  public EventPublisher(KafkaTemplate<String, String> kafka, EventCodec codec) {
    this.kafka = kafka;
    this.codec = codec;
  }

  /** Sends without waiting; a failure is logged and completes the future exceptionally. */
  public CompletableFuture<Void> publish(String topic, String key, Object event) {
    return send(topic, key, event)
        .<Void>thenApply(sent -> null)
        .whenComplete(
            (ignored, failure) -> {
              if (failure != null) {
                log.error("could not send {} for {} to {}", name(event), key, topic, failure);
              }
            });
  }

  /**
   * Sends and waits until every in-sync replica has the record.
   *
   * @return the record's offset in its partition
   * @throws EventNotSentException if that does not happen in time; the record may still arrive
   */
  public long publishAndWait(String topic, String key, Object event, Duration limit) {
    try {
      return send(topic, key, event)
          .get(limit.toMillis(), TimeUnit.MILLISECONDS)
          .getRecordMetadata()
          .offset();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EventNotSentException(name(event) + " for " + key + ": interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new EventNotSentException(
          name(event) + " for " + key + " was not taken by Kafka within " + limit, e);
    }
  }

  /** A send that fails at once, for lack of a broker say, fails the future like any other. */
  private CompletableFuture<SendResult<String, String>> send(
      String topic, String key, Object event) {
    try {
      return kafka.send(topic, key, codec.write(event));
    } catch (KafkaException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static String name(Object event) {
    return event.getClass().getSimpleName();
  }
}
