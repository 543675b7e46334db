package dev.fresco.worker;

import dev.fresco.platform.PlatformConfiguration;
import dev.fresco.worker.config.ModelConfiguration;
import dev.fresco.worker.config.WorkerConfiguration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Import;

/** Denoises the jobs of the partitions that it owns, step by step and all together. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({PlatformConfiguration.class, WorkerConfiguration.class, ModelConfiguration.class})
public class WorkerApplication {
  /** Name of its configuration file. */
  public static final String NAME = "gpu-worker";

  public static void main(String[] args) {
    new SpringApplicationBuilder(WorkerApplication.class)
        .properties("spring.config.name=" + NAME)
        .run(args);
  }
}
