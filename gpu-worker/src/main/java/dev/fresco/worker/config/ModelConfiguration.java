package dev.fresco.worker.config;

import dev.fresco.engine.DiffusionModel;
import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.batch.ModelSettings;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Loads the checkpoint that this worker serves. */
@Configuration(proxyBeanMethods = false)
public class ModelConfiguration {

  @Bean
  DiffusionModel model(WorkerSettings settings) {
    return LocalModel.load(
        settings.model(),
        new ModelSettings(
            settings.device(), settings.computeType(), settings.maxSteps(), settings.maxSize()));
  }
}
