package dev.fresco.gateway;

import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobEvent.ImageResult;
import dev.fresco.contracts.job.JobEvent.JobExecution;
import dev.fresco.contracts.job.JobEvent.JobTimings;
import dev.fresco.contracts.job.JobEvent.Preview;
import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.contracts.worker.WorkerStatus;
import dev.fresco.platform.event.EventCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.springframework.kafka.core.KafkaTemplate;

/** Plays the router and the workers: writes their events, and looks at what the gateway wrote. */
final class Backstage {
  private final KafkaTemplate<String, String> kafka;
  private final EventCodec codec;

  Backstage(KafkaTemplate<String, String> kafka, EventCodec codec) {
    this.kafka = kafka;
    this.codec = codec;
  }

  void announce(ModelCard... cards) {
    WorkerStatus status =
        new WorkerStatus(
            "worker-1",
            Instant.now(),
            Arrays.asList(cards),
            List.of("denoise"),
            8,
            2,
            List.of(),
            List.of(),
            List.of(0),
            0,
            false,
            List.of());
    send(Topics.WORKERS_STATUS, "worker-1", status);
  }

  void send(String topic, String key, Object event) {
    kafka.send(topic, key, codec.write(event)).join();
  }

  void happened(JobEvent event) {
    send(Topics.JOBS_EVENTS, event.jobId(), event);
  }

  void queued(String id) {
    happened(new JobEvent.Queued(id, Instant.now()));
  }

  void assigned(String id) {
    happened(new JobEvent.Assigned(id, Instant.now(), "worker-1"));
  }

  void started(String id) {
    happened(new JobEvent.Started(id, Instant.now(), "worker-1"));
  }

  void step(String id, int done) {
    happened(new JobEvent.Step(id, Instant.now(), done, 20, null));
  }

  void stepWithPreview(String id, int done, String objectKey) {
    happened(new JobEvent.Step(id, Instant.now(), done, 20, new Preview(0, done, objectKey)));
  }

  void succeeded(String id, String sha256) {
    succeeded(id, sha256, new JobExecution("worker-1", 3.5, "dense"));
  }

  void succeeded(String id, String sha256, JobExecution execution) {
    ImageResult image =
        new ImageResult(0, 42, 128, 128, "image/png", sha256, "results/" + id + "/0.png");
    succeeded(id, List.of(image), execution);
  }

  void succeeded(String id, List<ImageResult> images, JobExecution execution) {
    happened(
        new JobEvent.Succeeded(
            id,
            Instant.now(),
            images,
            new JobTimings(5, 6, 700, 8),
            execution,
            List.of("the prompt was cut to 32 tokens")));
  }

  /** One past the last record of all partitions, added up. */
  long endOffset(String topic) {
    try (var consumer = consumer()) {
      return consumer.endOffsets(partitions(consumer, topic)).values().stream()
          .mapToLong(Long::longValue)
          .sum();
    }
  }

  /** All records of a topic with this key. */
  List<ConsumerRecord<String, String>> records(String topic, String key) {
    try (var consumer = consumer()) {
      List<TopicPartition> partitions = partitions(consumer, topic);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      List<ConsumerRecord<String, String>> found = new ArrayList<>();
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer
            .poll(Duration.ofMillis(100))
            .forEach(
                read -> {
                  if (key.equals(read.key())) {
                    found.add(read);
                  }
                });
      }
      return found;
    }
  }

  private static List<TopicPartition> partitions(
      KafkaConsumer<String, String> consumer, String topic) {
    return consumer.partitionsFor(topic).stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .toList();
  }

  private KafkaConsumer<String, String> consumer() {
    Object servers =
        kafka.getProducerFactory().getConfigurationProperties().get("bootstrap.servers");
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", servers), new StringDeserializer(), new StringDeserializer());
  }
}
