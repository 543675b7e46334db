package dev.fresco.worker.config;

import dev.fresco.platform.event.EventCodec;
import dev.fresco.worker.assignment.AssignedPartitions;
import dev.fresco.worker.flow.PartitionsFlow;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.DefaultTransactionIdSuffixStrategy;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.ContainerProperties.AckMode;

/** How this worker reads its assignments and ends its jobs. */
@Configuration(proxyBeanMethods = false)
public class KafkaConfiguration {

  /**
   * Listeners of {@code fresco.jobs.assigned}. They never commit by themselves: offsets go with
   * terminal events. A rebalance moves only the partitions that must move, and a worker that
   * restarts under its name gets its own back.
   */
  @Bean
  ConcurrentKafkaListenerContainerFactory<String, String> assignedListeners(
      KafkaProperties kafka,
      WorkerSettings settings,
      PartitionsFlow partitions,
      CommonErrorHandler deadLetters) {
    Map<String, Object> consumer = kafka.buildConsumerProperties();
    consumer.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
    consumer.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, settings.id());
    consumer.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        List.of(CooperativeStickyAssignor.class));
    var listeners = new ConcurrentKafkaListenerContainerFactory<String, String>();
    listeners.setConsumerFactory(new DefaultKafkaConsumerFactory<>(consumer));
    listeners.setCommonErrorHandler(deadLetters);
    listeners.getContainerProperties().setAckMode(AckMode.MANUAL);
    listeners.getContainerProperties().setConsumerRebalanceListener(partitions);
    return listeners;
  }

  @Bean
  AssignedPartitions assignedPartitions(
      KafkaProperties kafka, WorkerSettings settings, EventCodec codec) {
    Map<String, Object> producer = kafka.buildProducerProperties();
    // Readers of committed records wait behind the transaction of a killed worker for this long.
    producer.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 10_000);
    var producers = new DefaultKafkaProducerFactory<String, String>(producer);
    // One name, so that a producer in a failed one's place settles what that one left open.
    producers.setTransactionIdSuffixStrategy(new DefaultTransactionIdSuffixStrategy(1));
    producers.setTransactionIdPrefix(settings.group() + "-" + settings.id() + "-");
    return new AssignedPartitions(producers, codec);
  }
}
