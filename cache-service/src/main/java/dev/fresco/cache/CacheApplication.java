package dev.fresco.cache;

import dev.fresco.platform.PlatformConfiguration;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Import;

/** Keeps the templates: images that edits start from. */
@SpringBootApplication
@Import(PlatformConfiguration.class)
public class CacheApplication {
  public static void main(String[] args) {
    new SpringApplicationBuilder(CacheApplication.class)
        .properties("spring.config.name=cache-service")
        .run(args);
  }
}
