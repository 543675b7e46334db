package dev.fresco.platform.kafka;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.ContainerProperties.AckMode;

/**
 * Listeners of everybody's news: each process reads all of it, from where its annotation says,
 * outside any group and without committing.
 */
@Configuration(proxyBeanMethods = false)
public class FollowersConfiguration {

  @Bean
  ConcurrentKafkaListenerContainerFactory<String, String> followers(
      KafkaProperties kafka, CommonErrorHandler deadLetters) {
    Map<String, Object> consumer = kafka.buildConsumerProperties();
    consumer.remove(ConsumerConfig.GROUP_ID_CONFIG);
    var listeners = new ConcurrentKafkaListenerContainerFactory<String, String>();
    listeners.setConsumerFactory(new DefaultKafkaConsumerFactory<>(consumer));
    listeners.setCommonErrorHandler(deadLetters);
    listeners.getContainerProperties().setAckMode(AckMode.MANUAL);
    return listeners;
  }
}
