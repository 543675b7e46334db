package dev.fresco.gateway.flow;

import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobRequested;
import dev.fresco.gateway.config.GatewayMeters;
import dev.fresco.gateway.view.Completeness;
import dev.fresco.gateway.view.KafkaPosition;
import dev.fresco.gateway.view.ReadPositions;
import dev.fresco.gateway.view.ViewWriter;
import dev.fresco.gateway.view.ViewWriter.Outcome;
import dev.fresco.platform.event.EventCodec;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.listener.BatchListenerFailedException;
import org.springframework.kafka.listener.ConsumerSeekAware;
import org.springframework.stereotype.Component;

/**
 * Takes requests and events of jobs from Kafka into Redis.
 *
 * <p>Where to read on is kept in Redis with the views themselves, not in the consumer group: so
 * whatever Redis knows or has lost, this reads on from exactly there. Redis that was emptied, even
 * while this runs, is filled again from the beginning.
 */
@Component
class JobProjectionFlow implements ConsumerSeekAware {
  private static final Logger log = LoggerFactory.getLogger(JobProjectionFlow.class);

  private final ViewWriter views;
  private final EventCodec codec;
  private final GatewayMeters meters;

  private final ReadPositions positions;
  private final Completeness completeness;

  JobProjectionFlow(
      ViewWriter views,
      EventCodec codec,
      GatewayMeters meters,
      ReadPositions positions,
      Completeness completeness) {
    this.views = views;
    this.positions = positions;
    this.completeness = completeness;
    this.codec = codec;
    this.meters = meters;
  }

  /**
   * Takes in what one poll brought. Once Redis turns out to have lost something, the rest of it is
   * dropped: stored now, it would stand for everything before it; after the seek it comes again.
   */
  @KafkaListener(
      id = "gateway-projection",
      topics = {Topics.JOBS_REQUESTED, Topics.JOBS_EVENTS},
      concurrency = "${fresco.gateway.projection-threads:3}",
      containerFactory = "projectionListeners")
  void on(List<ConsumerRecord<String, String>> polled, Consumer<?, ?> consumer) {
    for (ConsumerRecord<String, String> read : polled) {
      if (takeIn(read) == Outcome.LOST) {
        log.warn("Redis has lost what it knew of {}-{}", read.topic(), read.partition());
        completeness.lost();
        seekToStored(
            consumer.assignment(),
            (partition, next) -> {
              if (next == null) {
                consumer.seekToBeginning(Set.of(partition));
              } else {
                consumer.seek(partition, next);
              }
            });
        return;
      }
    }
  }

  private Outcome takeIn(ConsumerRecord<String, String> read) {
    KafkaPosition position = positions.of(read);
    try {
      Outcome outcome =
          read.topic().equals(Topics.JOBS_REQUESTED)
              ? views.write(codec.read(read.value(), JobRequested.class), position)
              : happened(codec.read(read.value(), JobEvent.class), position);
      if (outcome != Outcome.LOST) {
        positions.stored(read);
      }
      return outcome;
    } catch (RuntimeException e) {
      throw new BatchListenerFailedException("not taken in", e, read);
    }
  }

  /** An event of a type that this version does not know is passed over. */
  private Outcome happened(JobEvent event, KafkaPosition position) {
    if (event == null) {
      return views.passOver(position);
    }
    Outcome outcome = views.write(event, position);
    switch (outcome) {
      case CHANGED -> meters.happened(event);
      case IGNORED -> meters.ignored(event);
      case KNOWN, LOST, PASSED_OVER -> log.debug("{} at {}: {}", event, position, outcome);
    }
    return outcome;
  }

  @Override
  public void onPartitionsAssigned(
      Map<TopicPartition, Long> assignments, ConsumerSeekCallback callback) {
    seekToStored(assignments.keySet(), through(callback));
  }

  @Override
  public void onIdleContainer(
      Map<TopicPartition, Long> assignments, ConsumerSeekCallback callback) {
    Map<String, Long> stored;
    try {
      stored = views.offsets();
    } catch (DataAccessException e) {
      log.debug("Redis does not answer; looking again later", e);
      return;
    }
    boolean lost =
        assignments.keySet().stream()
            .anyMatch(
                partition -> next(stored, partition, -1L) < positions.believedNext(partition));
    if (lost) {
      log.warn("Redis has lost what it knew of some of {}", assignments.keySet());
      completeness.lost();
      seekToStored(assignments.keySet(), through(callback));
    }
  }

  private static Long next(Map<String, Long> stored, TopicPartition partition, Long otherwise) {
    Long next = ViewWriter.next(stored, partition.topic(), partition.partition());
    return next == null ? otherwise : next;
  }

  /** Moves the reader of a partition. */
  private interface Seek {
    /**
     * @param next the offset to read next, or null for the first that there is
     */
    void to(TopicPartition partition, Long next);
  }

  private static Seek through(ConsumerSeekCallback callback) {
    return (partition, next) -> {
      if (next == null) {
        callback.seekToBeginning(partition.topic(), partition.partition());
      } else {
        callback.seek(partition.topic(), partition.partition(), next);
      }
    };
  }

  private void seekToStored(Collection<TopicPartition> partitions, Seek seek) {
    Map<String, Long> stored = storedOrNothing();
    for (TopicPartition partition : partitions) {
      positions.forget(partition);
      seek.to(partition, next(stored, partition, null));
    }
  }

  /** Reading from the beginning is right as well, only slower: what is known is left out. */
  private Map<String, Long> storedOrNothing() {
    try {
      return views.offsets();
    } catch (DataAccessException e) {
      log.warn("Redis does not say what it knows; reading from the beginning: {}", e.toString());
      return Map.of();
    }
  }
}
