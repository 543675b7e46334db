package dev.fresco.router.config;

import dev.fresco.contracts.Topics;
import dev.fresco.planning.routing.Routing;
import dev.fresco.platform.PlatformConfiguration;
import dev.fresco.router.flow.JobEventFlow;
import dev.fresco.router.flow.OwnershipFlow;
import dev.fresco.router.flow.WorkerStatusFlow;
import dev.fresco.router.kafka.TopicFollower;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.config.ContainerCustomizer;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

/** Wires the router to Kafka. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RouterSettings.class)
@Import(PlatformConfiguration.class)
public class RouterConfiguration {

  @Bean
  Routing routing(RouterSettings settings) {
    return new Routing(settings.workerTimeout(), settings.modelTimeout(), settings.fetchTime());
  }

  /** The only listener is that of the requests. */
  @Bean
  ContainerCustomizer<Object, Object, ConcurrentMessageListenerContainer<Object, Object>> ownership(
      OwnershipFlow ownership) {
    return container -> container.getContainerProperties().setConsumerRebalanceListener(ownership);
  }

  @Bean
  TopicFollower workerStatuses(ConsumerFactory<String, String> consumers, WorkerStatusFlow flow) {
    return new TopicFollower(
        Topics.WORKERS_STATUS,
        true,
        () -> consumers.createConsumer(null, "router-workers", null),
        flow::receive);
  }

  @Bean
  TopicFollower jobEvents(ConsumerFactory<String, String> consumers, JobEventFlow flow) {
    return new TopicFollower(
        Topics.JOBS_EVENTS,
        false,
        () -> consumers.createConsumer(null, "router-events", null),
        flow::receive);
  }
}
