package dev.fresco.lora;

import dev.fresco.platform.PlatformConfiguration;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Import;

/** Keeps the adapters: LoRAs and ControlNets that requests may name. */
@SpringBootApplication
@Import(PlatformConfiguration.class)
public class LoraApplication {
  public static void main(String[] args) {
    new SpringApplicationBuilder(LoraApplication.class)
        .properties("spring.config.name=lora-service")
        .run(args);
  }
}
