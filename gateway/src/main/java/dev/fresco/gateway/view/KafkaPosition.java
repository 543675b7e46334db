package dev.fresco.gateway.view;

/**
 * Where a record lies in Kafka.
 *
 * @param believedNext the offset that the reader last stored for this partition, or -1: if Redis
 *     knows less, it has lost what it held
 */
public record KafkaPosition(String topic, int partition, long offset, long believedNext) {

  /** Field of the partition in the hash of offsets. */
  static String field(String topic, int partition) {
    return topic + "-" + partition;
  }

  String field() {
    return field(topic, partition);
  }
}
