package dev.fresco.router.kafka;

import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.JobAssigned;
import dev.fresco.contracts.job.JobCancelRequested;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobState;
import dev.fresco.platform.event.EventCodec;
import dev.fresco.platform.event.UnreadableEventException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.stereotype.Component;

/** Reads what was decided about jobs from some moment to the end that Kafka has now. */
@Component
public final class PastReader {
  private static final Logger log = LoggerFactory.getLogger(PastReader.class);
  private static final Duration POLL = Duration.ofMillis(200);

  /** Without any record for so long, reading has failed. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ConsumerFactory<String, String> consumers;
  private final EventCodec codec;

  public PastReader(ConsumerFactory<String, String> consumers, EventCodec codec) {
    this.consumers = consumers;
    this.codec = codec;
  }

  /**
   * Reads assignments and events whose records are not older than {@code from}, and all that is
   * kept of the requests to cancel.
   *
   * @throws org.apache.kafka.common.KafkaException if Kafka does not answer
   */
  public Past read(Instant from) {
    Map<String, JobAssigned> assigned = new HashMap<>();
    Map<String, JobState> states = new HashMap<>();
    Set<String> cancelled = new HashSet<>();
    try (var consumer = open()) {
      seek(consumer, Topics.JOBS_ASSIGNED, from);
      readToEnd(consumer, JobAssigned.class, job -> assigned.putIfAbsent(job.jobId(), job));
      seek(consumer, Topics.JOBS_EVENTS, from);
      readToEnd(
          consumer,
          JobEvent.class,
          event -> states.merge(event.jobId(), event.state(), PastReader::further));
      seek(consumer, Topics.JOBS_CANCELLED, Instant.EPOCH);
      readToEnd(consumer, JobCancelRequested.class, cancel -> cancelled.add(cancel.jobId()));
    }
    return new Past(assigned, states, cancelled);
  }

  /** When the request at an offset, or the first one after it, was written; nothing at the end. */
  public Optional<Instant> requestedAt(long offset) {
    TopicPartition requests = new TopicPartition(Topics.JOBS_REQUESTED, 0);
    try (var consumer = open()) {
      consumer.assign(List.of(requests));
      consumer.seek(requests, offset);
      long end = consumer.endOffsets(List.of(requests)).get(requests);
      long silentSince = System.nanoTime();
      while (consumer.position(requests) < end) {
        for (ConsumerRecord<String, String> read : consumer.poll(POLL)) {
          return Optional.of(Instant.ofEpochMilli(read.timestamp()));
        }
        requirePatience(silentSince, requests.toString());
      }
      return Optional.empty();
    }
  }

  private org.apache.kafka.clients.consumer.Consumer<String, String> open() {
    // A fetch that waits for more at the end of one topic would delay the first of the next.
    Properties settings = new Properties();
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "10");
    return consumers.createConsumer(null, "router-past", null, settings);
  }

  private static void seek(
      org.apache.kafka.clients.consumer.Consumer<String, String> consumer,
      String topic,
      Instant from) {
    List<TopicPartition> partitions = Partitions.of(consumer, topic);
    consumer.assign(partitions);
    Map<TopicPartition, Long> times =
        partitions.stream()
            .collect(Collectors.toMap(each -> each, each -> Math.max(0, from.toEpochMilli())));
    Map<TopicPartition, OffsetAndTimestamp> offsets = consumer.offsetsForTimes(times);
    for (TopicPartition partition : partitions) {
      OffsetAndTimestamp start = offsets.get(partition);
      if (start == null) {
        consumer.seekToEnd(List.of(partition));
      } else {
        consumer.seek(partition, start.offset());
      }
    }
  }

  private <T> void readToEnd(
      org.apache.kafka.clients.consumer.Consumer<String, String> consumer,
      Class<T> type,
      Consumer<T> sink) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    long silentSince = System.nanoTime();
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      var records = consumer.poll(POLL);
      records.forEach(read -> decode(read, type, sink));
      if (records.isEmpty()) {
        requirePatience(silentSince, ends.toString());
      } else {
        silentSince = System.nanoTime();
      }
    }
  }

  private <T> void decode(ConsumerRecord<String, String> read, Class<T> type, Consumer<T> sink) {
    try {
      T event = codec.read(read.value(), type);
      if (event != null) {
        sink.accept(event);
      }
    } catch (UnreadableEventException e) {
      log.warn("passed over {}-{}@{}", read.topic(), read.partition(), read.offset(), e);
    }
  }

  private static void requirePatience(long silentSince, String what) {
    if (System.nanoTime() - silentSince > PATIENCE.toNanos()) {
      throw new TimeoutException("nothing came for " + PATIENCE + " while reading to " + what);
    }
  }

  private static JobState further(JobState one, JobState other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
