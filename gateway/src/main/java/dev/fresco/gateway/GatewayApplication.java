package dev.fresco.gateway;

import dev.fresco.platform.PlatformConfiguration;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Import;

/** The door: takes jobs, shows how they go, hands out pictures. */
@SpringBootApplication
@ConfigurationPropertiesScan
@Import(PlatformConfiguration.class)
public class GatewayApplication {

  /** Which configuration file is this service's own. */
  public static final String CONFIG_NAME = "spring.config.name=gateway";

  public static void main(String[] arguments) {
    new SpringApplicationBuilder(GatewayApplication.class).properties(CONFIG_NAME).run(arguments);
  }
}
