package dev.fresco.training.config;

import com.github.f4b6a3.ulid.UlidFactory;
import dev.fresco.contracts.Topics;
import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingPlan;
import dev.fresco.platform.catalogue.Catalogue;
import dev.fresco.platform.catalogue.CatalogueConfiguration;
import dev.fresco.platform.catalogue.CatalogueFollower;
import dev.fresco.platform.catalogue.Listed;
import dev.fresco.platform.event.EventCodec;
import dev.fresco.training.flow.TrainingEventFlow;
import dev.fresco.training.flow.TrainingPlanFlow;
import dev.fresco.training.job.TrainingLimits;
import dev.fresco.training.job.TrainingShelves;
import dev.fresco.training.runtime.RuntimeSettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Wires the registry of training jobs. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({TrainingLimits.class, RuntimeSettings.class})
@Import(CatalogueConfiguration.class)
public class TrainingConfiguration {

  @Bean
  Catalogue<TrainingJob> trainingJobs(
      StringRedisTemplate redis, EventCodec codec, MeterRegistry meters) {
    Catalogue<TrainingJob> jobs =
        new Catalogue<>(
            redis,
            codec,
            "training",
            TrainingJob.class,
            job -> new Listed(TrainingShelves.of(job), job.createdAt()));
    Gauge.builder("fresco.training.jobs", jobs, Catalogue::size)
        .description("Training jobs in the registry")
        .register(meters);
    return jobs;
  }

  @Bean
  CatalogueFollower<TrainingJob> trainingFollower(
      Catalogue<TrainingJob> jobs,
      TrainingEventFlow flow,
      CatalogueFollower.Connections connections,
      CatalogueConfiguration.Settings settings) {
    return new CatalogueFollower<>(
        jobs, Topics.TRAINING_EVENTS, flow, connections, settings.startLimit());
  }

  @Bean
  Catalogue<TrainingPlan> trainingPlanCatalogue(StringRedisTemplate redis, EventCodec codec) {
    return new Catalogue<>(
        redis,
        codec,
        "training-plans",
        TrainingPlan.class,
        plan -> new Listed(List.of(), plan.at()));
  }

  @Bean
  CatalogueFollower<TrainingPlan> trainingPlanFollower(
      Catalogue<TrainingPlan> plans,
      TrainingPlanFlow flow,
      CatalogueFollower.Connections connections,
      CatalogueConfiguration.Settings settings) {
    return new CatalogueFollower<>(
        plans, Topics.TRAINING_PLANS, flow, connections, settings.startLimit());
  }

  /** Ids of one millisecond grow too, so that lists show them in the order of their creation. */
  @Bean
  UlidFactory ulidFactory() {
    return UlidFactory.newMonotonicInstance(new SecureRandom());
  }

  @Bean
  BodyLimits bodyLimits(
      TrainingLimits limits,
      @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
    return new BodyLimits(limits, problems);
  }
}
