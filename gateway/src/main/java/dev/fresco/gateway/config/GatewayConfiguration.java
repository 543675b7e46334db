package dev.fresco.gateway.config;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the gateway takes from outside, as beans. */
@Configuration(proxyBeanMethods = false)
class GatewayConfiguration {

  @Bean
  RandomGenerator randomness() {
    return new SecureRandom();
  }
}
