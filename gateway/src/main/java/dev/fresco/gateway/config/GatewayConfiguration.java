package dev.fresco.gateway.config;

import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

/** What the gateway takes from outside, as beans. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class GatewayConfiguration {

  @Bean
  RandomGenerator randomness() {
    return new SecureRandom();
  }

  /** While Redis is away a call shall hear so at once, not wait for its return. */
  @Bean
  LettuceClientOptionsBuilderCustomizer answerAtOnce() {
    return options -> options.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS);
  }
}
