package dev.fresco.gateway.view;

import dev.fresco.contracts.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.stereotype.Component;

/** Asks Kafka how far the topic of job requests reaches. */
@Component
class RequestLog {
  private static final long LIMIT_SECONDS = 5;

  private final KafkaAdmin kafka;

  RequestLog(KafkaAdmin kafka) {
    this.kafka = kafka;
  }

  /**
   * One past the last record of each partition that has any, by the field of {@link KafkaPosition}.
   *
   * @throws KafkaException if Kafka does not answer
   */
  Map<String, Long> ends() {
    try (Admin admin = Admin.create(kafka.getConfigurationProperties())) {
      Map<TopicPartition, OffsetSpec> all =
          get(admin.describeTopics(List.of(Topics.JOBS_REQUESTED)).allTopicNames())
              .get(Topics.JOBS_REQUESTED)
              .partitions()
              .stream()
              .collect(
                  Collectors.toMap(
                      info -> new TopicPartition(Topics.JOBS_REQUESTED, info.partition()),
                      info -> OffsetSpec.latest()));
      Map<TopicPartition, ListOffsetsResultInfo> ends = get(admin.listOffsets(all).all());
      all.replaceAll((partition, latest) -> OffsetSpec.earliest());
      Map<TopicPartition, ListOffsetsResultInfo> beginnings = get(admin.listOffsets(all).all());
      Map<String, Long> found = new HashMap<>();
      ends.forEach(
          (partition, end) -> {
            if (end.offset() > beginnings.get(partition).offset()) {
              found.put(
                  KafkaPosition.field(partition.topic(), partition.partition()), end.offset());
            }
          });
      return found;
    }
  }

  private static <T> T get(KafkaFuture<T> answer) {
    try {
      return answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while Kafka was asked for its offsets", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaException("Kafka does not say how far its log reaches", e);
    }
  }
}
