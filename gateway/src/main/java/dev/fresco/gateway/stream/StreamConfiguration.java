package dev.fresco.gateway.stream;

import dev.fresco.gateway.config.GatewayMeters;
import dev.fresco.gateway.config.GatewaySettings;
import dev.fresco.gateway.config.LimitSettings;
import dev.fresco.platform.web.EventStreams;
import dev.fresco.platform.web.JobWatchers;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/** The few threads that serve all streams and all waiting calls. */
@Configuration(proxyBeanMethods = false)
class StreamConfiguration {
  private static final int THREADS = 4;

  @Bean(destroyMethod = "shutdownNow")
  ScheduledExecutorService streamThreads() {
    ScheduledThreadPoolExecutor threads =
        new ScheduledThreadPoolExecutor(THREADS, new CustomizableThreadFactory("streams-"));
    threads.setRemoveOnCancelPolicy(true);
    return threads;
  }

  @Bean
  JobWatchers jobWatchers(ScheduledExecutorService streamThreads) {
    return new JobWatchers(streamThreads);
  }

  @Bean
  EventStreams<StreamedEvent> jobStreams(
      JobEventLog events,
      JobWatchers watchers,
      ScheduledExecutorService streamThreads,
      LimitSettings limits,
      GatewaySettings settings,
      GatewayMeters meters) {
    EventStreams<StreamedEvent> streams =
        new EventStreams<>(
            events, watchers, streamThreads, limits.maxStreams(), settings.heartbeat());
    meters.openStreams(streams::count);
    return streams;
  }

  /** By itself it would start a thread for every message. */
  @Bean
  RedisMessageListenerContainer messages(
      RedisConnectionFactory redis, ScheduledExecutorService streamThreads) {
    RedisMessageListenerContainer messages = new RedisMessageListenerContainer();
    messages.setConnectionFactory(redis);
    messages.setTaskExecutor(streamThreads);
    return messages;
  }
}
