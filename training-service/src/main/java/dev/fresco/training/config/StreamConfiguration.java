package dev.fresco.training.config;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/** The few threads that serve all event streams. */
@Configuration(proxyBeanMethods = false)
class StreamConfiguration {
  private static final int THREADS = 2;

  @Bean(destroyMethod = "shutdownNow")
  ScheduledExecutorService streamThreads() {
    ScheduledThreadPoolExecutor threads =
        new ScheduledThreadPoolExecutor(
            THREADS, new CustomizableThreadFactory("training-streams-"));
    threads.setRemoveOnCancelPolicy(true);
    return threads;
  }
}
