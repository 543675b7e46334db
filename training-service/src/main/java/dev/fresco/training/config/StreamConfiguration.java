package dev.fresco.training.config;

import dev.fresco.platform.web.EventStreams;
import dev.fresco.platform.web.JobWatchers;
import dev.fresco.training.job.TrainingLimits;
import dev.fresco.training.stream.TrainingEventLog;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/** The few threads that serve all event streams. */
@Configuration(proxyBeanMethods = false)
class StreamConfiguration {
  private static final int THREADS = 2;
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  @Bean(destroyMethod = "shutdownNow")
  ScheduledExecutorService streamThreads() {
    ScheduledThreadPoolExecutor threads =
        new ScheduledThreadPoolExecutor(
            THREADS, new CustomizableThreadFactory("training-streams-"));
    threads.setRemoveOnCancelPolicy(true);
    return threads;
  }

  @Bean
  JobWatchers jobWatchers(ScheduledExecutorService streamThreads) {
    return new JobWatchers(streamThreads);
  }

  @Bean
  EventStreams<TrainingEventLog.Entry> trainingStreams(
      TrainingEventLog events,
      JobWatchers watchers,
      ScheduledExecutorService streamThreads,
      TrainingLimits limits,
      MeterRegistry meters) {
    EventStreams<TrainingEventLog.Entry> streams =
        new EventStreams<>(events, watchers, streamThreads, limits.maxStreams(), HEARTBEAT);
    Gauge.builder("fresco.training.streams.open", streams, EventStreams::count)
        .description("Event streams that are open now")
        .register(meters);
    return streams;
  }
}
