package dev.fresco.gateway.view;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.springframework.stereotype.Component;

/** What was last stored of each partition that is read here; each has one thread at a time. */
@Component
public class ReadPositions {
  private final Map<TopicPartition, Long> believedNext = new ConcurrentHashMap<>();

  public KafkaPosition of(ConsumerRecord<?, ?> read) {
    TopicPartition partition = new TopicPartition(read.topic(), read.partition());
    return new KafkaPosition(
        read.topic(), read.partition(), read.offset(), believedNext(partition));
  }

  /** Redis has the record, or something later. */
  public void stored(ConsumerRecord<?, ?> read) {
    believedNext.put(new TopicPartition(read.topic(), read.partition()), read.offset() + 1);
  }

  /** The offset that Redis should have next, or -1 if it need not have any. */
  public long believedNext(TopicPartition partition) {
    return believedNext.getOrDefault(partition, -1L);
  }

  public void forget(TopicPartition partition) {
    believedNext.remove(partition);
  }
}
