package dev.fresco.gateway.flow;

import dev.fresco.contracts.Topics;
import dev.fresco.contracts.worker.WorkerStatus;
import dev.fresco.gateway.catalogue.ModelCatalogue;
import dev.fresco.platform.event.EventCodec;
import dev.fresco.platform.event.UnreadableEventException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.annotation.PartitionOffset;
import org.springframework.kafka.annotation.TopicPartition;
import org.springframework.stereotype.Component;

/** Takes what workers say of themselves into the catalogue of models. */
@Component
class WorkerStatusFlow {
  private static final Logger log = LoggerFactory.getLogger(WorkerStatusFlow.class);

  private final ModelCatalogue catalogue;
  private final EventCodec codec;

  WorkerStatusFlow(ModelCatalogue catalogue, EventCodec codec) {
    this.catalogue = catalogue;
    this.codec = codec;
  }

  @KafkaListener(
      id = "gateway-workers",
      idIsGroup = false,
      topicPartitions =
          @TopicPartition(
              topic = Topics.WORKERS_STATUS,
              partitionOffsets = @PartitionOffset(partition = "0", initialOffset = "0")),
      containerFactory = "followers")
  void on(ConsumerRecord<String, String> read) {
    if (read.value() == null) {
      catalogue.forget(read.key());
      return;
    }
    try {
      catalogue.announced(codec.read(read.value(), WorkerStatus.class));
    } catch (UnreadableEventException e) {
      // Every gateway reads every record: the dead letters would fill with one copy of each.
      log.warn("passed over an unreadable status of worker {}", read.key(), e);
    }
  }
}
