package dev.fresco.router;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** The queue of jobs and the choice of worker. */
@SpringBootApplication
public class RouterApplication {
  public static void main(String[] args) {
    new SpringApplicationBuilder(RouterApplication.class)
        .properties("spring.config.name=router-service")
        .run(args);
  }
}
