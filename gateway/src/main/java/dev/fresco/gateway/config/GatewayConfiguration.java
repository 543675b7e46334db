package dev.fresco.gateway.config;

import dev.fresco.platform.image.ImageInspector;
import dev.fresco.platform.web.UploadMemory;
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
  /** The bytes of a body and what its buffer leaves behind, its texts, its pictures, its hash. */
  private static final int COPIES = 5;

  @Bean
  RandomGenerator randomness() {
    return new SecureRandom();
  }

  /** While Redis is away a call shall hear so at once, not wait for its return. */
  @Bean
  LettuceClientOptionsBuilderCustomizer answerAtOnce() {
    return options -> options.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS);
  }

  @Bean
  ImageInspector imageInspector(LimitSettings limits) {
    return new ImageInspector(limits.image(), limits.image().decodedWithin(quarterOfTheHeap()));
  }

  @Bean
  UploadMemory uploadMemory(LimitSettings limits) {
    return new UploadMemory(quarterOfTheHeap(), COPIES, limits.uploadWait());
  }

  private static long quarterOfTheHeap() {
    return Runtime.getRuntime().maxMemory() / 4;
  }
}
