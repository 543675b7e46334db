package dev.fresco.training;

import dev.fresco.platform.PlatformConfiguration;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Import;

/**
 * Keeps the registry of training jobs. No runtime takes jobs from it yet: a job stays created until
 * it is stopped.
 */
@SpringBootApplication
@Import(PlatformConfiguration.class)
public class TrainingApplication {
  public static void main(String[] args) {
    new SpringApplicationBuilder(TrainingApplication.class)
        .properties("spring.config.name=training-service")
        .run(args);
  }
}
