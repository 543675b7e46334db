package dev.fresco.router.kafka;

import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.JobAssigned;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.platform.event.EventCodec;
import dev.fresco.platform.event.EventNotSentException;
import dev.fresco.router.config.RouterSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;

/**
 * Sends decisions: many at once, then one wait for all of them. Records of one job stay in order.
 */
@Component
public final class Outbox {
  private final KafkaTemplate<String, String> kafka;
  private final EventCodec codec;
  private final Duration limit;
  private final List<CompletableFuture<?>> underWay = new ArrayList<>();

  public Outbox(KafkaTemplate<String, String> kafka, EventCodec codec, RouterSettings settings) {
    this.kafka = kafka;
    this.codec = codec;
    this.limit = settings.sendTimeout();
  }

  public void event(JobEvent event) {
    send(Topics.JOBS_EVENTS, null, event.jobId(), event);
  }

  public void assigned(int partition, JobAssigned assigned) {
    send(Topics.JOBS_ASSIGNED, partition, assigned.jobId(), assigned);
  }

  private void send(String topic, Integer partition, String key, Object event) {
    try {
      underWay.add(kafka.send(topic, partition, key, codec.write(event)));
    } catch (KafkaException e) {
      underWay.add(CompletableFuture.failedFuture(e));
    }
  }

  /**
   * Waits until Kafka has all that was sent since the last call.
   *
   * @throws EventNotSentException if it does not have all of it in time; any of it may still arrive
   */
  public void await() {
    CompletableFuture<Void> all =
        CompletableFuture.allOf(underWay.toArray(CompletableFuture[]::new));
    int records = underWay.size();
    underWay.clear();
    try {
      all.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EventNotSentException("interrupted while sending " + records + " records", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new EventNotSentException(
          "Kafka did not take all of "
              + records
              + " records within "
              + limit
              + " (fresco.router.send-timeout)",
          e);
    }
  }
}
