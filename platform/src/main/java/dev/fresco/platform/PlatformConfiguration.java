package dev.fresco.platform;

import dev.fresco.platform.event.EventCodec;
import dev.fresco.platform.event.EventPublisher;
import dev.fresco.platform.health.KafkaHealthIndicator;
import dev.fresco.platform.health.Liveness;
import dev.fresco.platform.kafka.DeadLettersConfiguration;
import dev.fresco.platform.kafka.FollowersConfiguration;
import dev.fresco.platform.kafka.TopicsConfiguration;
import dev.fresco.platform.store.DirectoryObjectStore;
import dev.fresco.platform.store.ObjectStore;
import dev.fresco.platform.store.ObjectStoreSettings;
import dev.fresco.platform.web.ProblemDocuments;
import dev.fresco.platform.web.StrictJsonConfiguration;
import dev.fresco.platform.web.TenantArgument;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;

/** What every service imports. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ObjectStoreSettings.class)
@Import({
  TopicsConfiguration.class,
  DeadLettersConfiguration.class,
  FollowersConfiguration.class,
  ProblemDocuments.class,
  StrictJsonConfiguration.class,
  TenantArgument.class
})
public class PlatformConfiguration {

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  EventCodec eventCodec() {
    return new EventCodec();
  }

  @Bean
  EventPublisher eventPublisher(KafkaTemplate<String, String> kafka, EventCodec codec) {
    return new EventPublisher(kafka, codec);
  }

  @Bean
  ObjectStore objectStore(ObjectStoreSettings settings) throws IOException {
    return new DirectoryObjectStore(settings.directory());
  }

  @Bean
  Liveness liveness(ApplicationEventPublisher application) {
    return new Liveness(application);
  }

  @Bean
  KafkaHealthIndicator kafkaHealthIndicator(KafkaAdmin admin) {
    return new KafkaHealthIndicator(
        Admin.create(admin.getConfigurationProperties()), Duration.ofSeconds(2));
  }
}
