package dev.fresco.router.kafka;

import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** The partitions of a topic. */
final class Partitions {
  private Partitions() {}

  static List<TopicPartition> of(Consumer<String, String> consumer, String topic) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    if (partitions.isEmpty()) {
      throw new IllegalStateException("the topic " + topic + " does not exist");
    }
    return partitions;
  }
}
