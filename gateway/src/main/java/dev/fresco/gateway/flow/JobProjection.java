package dev.fresco.gateway.flow;

import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobRequested;
import dev.fresco.gateway.config.GatewayMeters;
import dev.fresco.gateway.view.KafkaPosition;
import dev.fresco.gateway.view.ViewWriter;
import dev.fresco.gateway.view.ViewWriter.Outcome;
import dev.fresco.platform.event.EventCodec;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.listener.AbstractConsumerSeekAware;
import org.springframework.stereotype.Component;

/**
 * Takes requests and events of jobs from Kafka into Redis.
 *
 * <p>Where to read on is kept in Redis with the views themselves, not in the consumer group: so
 * whatever Redis knows or has lost, this reads on from exactly there. Redis that was emptied, even
 * while this runs, is filled again from the beginning.
 */
@Component
class JobProjection extends AbstractConsumerSeekAware {
  private static final Logger log = LoggerFactory.getLogger(JobProjection.class);

  private final ViewWriter views;
  private final EventCodec codec;
  private final GatewayMeters meters;

  /** What this reader last stored; touched by the listener's thread only. */
  private final Map<TopicPartition, Long> believedNext = new HashMap<>();

  JobProjection(ViewWriter views, EventCodec codec, GatewayMeters meters) {
    this.views = views;
    this.codec = codec;
    this.meters = meters;
  }

  @KafkaListener(
      id = "gateway-projection",
      topics = {Topics.JOBS_REQUESTED, Topics.JOBS_EVENTS},
      containerFactory = "projectionListeners")
  void on(ConsumerRecord<String, String> read) {
    TopicPartition partition = new TopicPartition(read.topic(), read.partition());
    KafkaPosition position =
        new KafkaPosition(
            read.topic(),
            read.partition(),
            read.offset(),
            believedNext.getOrDefault(partition, -1L));
    Outcome outcome =
        read.topic().equals(Topics.JOBS_REQUESTED)
            ? requested(codec.read(read.value(), JobRequested.class), position)
            : happened(codec.read(read.value(), JobEvent.class), position);
    if (outcome == Outcome.LOST) {
      log.warn("Redis has lost what it knew of {}; reading again", partition);
      seekToStored(getTopicsAndCallbacks().keySet());
    } else if (outcome != null) {
      believedNext.put(partition, read.offset() + 1);
    }
  }

  private Outcome requested(JobRequested request, KafkaPosition position) {
    return views.write(request, position);
  }

  /** An event of a type that this version does not know is passed over. */
  private Outcome happened(JobEvent event, KafkaPosition position) {
    if (event == null) {
      return null;
    }
    Outcome outcome = views.write(event, position);
    switch (outcome) {
      case CHANGED -> meters.happened(event);
      case IGNORED -> meters.ignored(event);
      case KNOWN, LOST -> log.debug("{} at {}: {}", event, position, outcome);
    }
    return outcome;
  }

  @Override
  public void onPartitionsAssigned(
      Map<TopicPartition, Long> assignments, ConsumerSeekCallback callback) {
    super.onPartitionsAssigned(assignments, callback);
    seekToStored(assignments.keySet());
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
        believedNext.entrySet().stream()
            .anyMatch(
                believed -> {
                  TopicPartition partition = believed.getKey();
                  Long next = ViewWriter.next(stored, partition.topic(), partition.partition());
                  return next == null || next < believed.getValue();
                });
    if (lost) {
      log.warn("Redis has lost what it knew; reading again");
      seekToStored(assignments.keySet());
    }
  }

  private void seekToStored(Collection<TopicPartition> partitions) {
    Map<String, Long> stored = storedOrNothing();
    for (TopicPartition partition : partitions) {
      Long next = ViewWriter.next(stored, partition.topic(), partition.partition());
      believedNext.remove(partition);
      for (ConsumerSeekCallback callback : getSeekCallbacksFor(partition)) {
        if (next == null) {
          callback.seekToBeginning(partition.topic(), partition.partition());
        } else {
          callback.seek(partition.topic(), partition.partition(), next);
        }
      }
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
