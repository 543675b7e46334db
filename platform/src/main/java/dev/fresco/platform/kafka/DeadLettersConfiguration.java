package dev.fresco.platform.kafka;

import dev.fresco.contracts.Topics;
import dev.fresco.platform.event.UnreadableEventException;
import org.apache.kafka.common.TopicPartition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * What a listener cannot read or handle goes to {@code <topic>.dlt} with the reason in its headers,
 * so that one bad record does not hold up those behind it.
 */
@Configuration(proxyBeanMethods = false)
public class DeadLettersConfiguration {

  @Bean
  DeadLetterPublishingRecoverer deadLetterRecoverer(KafkaTemplate<String, String> kafka) {
    return new DeadLetterPublishingRecoverer(
        kafka, (dead, reason) -> new TopicPartition(dead.topic() + Topics.DEAD_LETTER_SUFFIX, 0));
  }

  @Bean
  CommonErrorHandler deadLetters(DeadLetterPublishingRecoverer recoverer) {
    ExponentialBackOff backOff = new ExponentialBackOff(200, 2);
    backOff.setMaxAttempts(5);
    DefaultErrorHandler handler = new DefaultErrorHandler(recoverer, backOff);
    handler.addNotRetryableExceptions(UnreadableEventException.class);
    // Where listeners commit by hand, a dead letter must not commit over work in hand before it.
    handler.setAckAfterHandle(false);
    return handler;
  }
}
