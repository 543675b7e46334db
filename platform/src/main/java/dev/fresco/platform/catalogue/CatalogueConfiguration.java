package dev.fresco.platform.catalogue;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;

/** What a service imports that keeps a catalogue. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CatalogueConfiguration.Settings.class)
public class CatalogueConfiguration {

  /**
   * @param startLimit within which a catalogue must have caught up with its topic at the start
   * @param publishLimit how long a call waits for Kafka to take its event; longer than the
   *     producer's {@code max.block.ms} and {@code delivery.timeout.ms} together, or an event may
   *     arrive whose call was told to try again
   */
  @ConfigurationProperties("fresco.catalogue")
  public record Settings(
      @DefaultValue("5m") Duration startLimit, @DefaultValue("15s") Duration publishLimit) {}

  @Bean
  CatalogueFollower.Connections catalogueConnections(
      KafkaAdmin admin,
      ConsumerFactory<?, ?> consumers,
      KafkaTemplate<String, String> deadLetters) {
    return new CatalogueFollower.Connections(admin, strings(consumers), deadLetters);
  }

  /** Boot declares its factory without the types that its string deserializers have. */
  @SuppressWarnings("unchecked")
  private static ConsumerFactory<String, String> strings(ConsumerFactory<?, ?> consumers) {
    return (ConsumerFactory<String, String>) consumers;
  }
}
