package dev.fresco.gateway.view;

import dev.fresco.platform.event.UnreadableEventException;
import org.springframework.boot.kafka.autoconfigure.ConcurrentKafkaListenerContainerFactoryConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.ExponentialBackOff;

/** How the projection listens to Kafka. */
@Configuration(proxyBeanMethods = false)
class ProjectionConfiguration {
  private static final long IDLE_MILLIS = 1000;

  /**
   * For the projection. While Redis is away its records wait, for as long as it takes; every other
   * failure goes the common way to the dead letters.
   */
  @Bean
  ConcurrentKafkaListenerContainerFactory<Object, Object> projectionListeners(
      ConcurrentKafkaListenerContainerFactoryConfigurer configurer,
      ConsumerFactory<Object, Object> consumers,
      DeadLetterPublishingRecoverer deadLetterRecoverer,
      ViewWriter views,
      ReadPositions positions) {
    ExponentialBackOff untilRedisAnswers = new ExponentialBackOff(200, 2);
    untilRedisAnswers.setMaxInterval(5000);
    ExponentialBackOff fewTimes = new ExponentialBackOff(200, 2);
    fewTimes.setMaxAttempts(5);
    DefaultErrorHandler handler =
        new DefaultErrorHandler(
            (record, failure) -> {
              deadLetterRecoverer.accept(record, failure);
              views.passOver(positions.of(record));
            },
            fewTimes);
    handler.addNotRetryableExceptions(UnreadableEventException.class);
    handler.setBackOffFunction(
        (consumed, failure) -> isRedisAway(failure) ? untilRedisAnswers : null);
    ConcurrentKafkaListenerContainerFactory<Object, Object> factory =
        new ConcurrentKafkaListenerContainerFactory<>();
    configurer.configure(factory, consumers);
    factory.setCommonErrorHandler(handler);
    factory.setBatchListener(true);
    factory.getContainerProperties().setIdleEventInterval(IDLE_MILLIS);
    // A reader that waits for records longer than that does not look whether it is idle.
    factory.getContainerProperties().setPollTimeout(IDLE_MILLIS);
    return factory;
  }

  private static boolean isRedisAway(Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof DataAccessException) {
        return true;
      }
    }
    return false;
  }
}
