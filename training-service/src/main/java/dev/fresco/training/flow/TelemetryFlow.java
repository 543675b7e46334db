package dev.fresco.training.flow;

import dev.fresco.contracts.Topics;
import dev.fresco.contracts.training.TrainingTelemetry;
import dev.fresco.platform.event.EventCodec;
import dev.fresco.training.telemetry.JobWatches;
import java.util.Collection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.listener.ConsumerSeekAware;
import org.springframework.stereotype.Component;

/** Takes reports of stages to the watch of their job. */
@Component
class TelemetryFlow implements ConsumerSeekAware {
  private final EventCodec codec;
  private final JobWatches watches;

  TelemetryFlow(EventCodec codec, JobWatches watches) {
    this.codec = codec;
    this.watches = watches;
  }

  @KafkaListener(id = "training-telemetry", idIsGroup = false, topics = Topics.TRAINING_TELEMETRY)
  void on(ConsumerRecord<String, String> record) {
    watches.take(codec.read(record.value(), TrainingTelemetry.class), record.partition());
  }

  /** Another process goes on with these jobs. */
  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    partitions.forEach(partition -> watches.forget(partition.partition()));
  }
}
