package dev.fresco.gateway.stream;

import dev.fresco.gateway.config.GatewaySettings;
import dev.fresco.gateway.view.RedisKeys;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;
import org.springframework.stereotype.Component;

/**
 * Wakes those who wait for news of a job: when Redis says that it changed, and now and then anyway,
 * because a message that nobody heard is not sent again.
 */
@Component
class JobChanges {
  private final Map<String, Set<Runnable>> watchers = new ConcurrentHashMap<>();
  private final ScheduledExecutorService threads;

  JobChanges(
      RedisMessageListenerContainer messages,
      ScheduledExecutorService streamThreads,
      GatewaySettings settings) {
    this.threads = streamThreads;
    messages.addMessageListener(
        (message, pattern) -> wake(new String(message.getBody())),
        ChannelTopic.of(RedisKeys.CHANGED));
    long check = settings.streamCheck().toMillis();
    threads.scheduleWithFixedDelay(
        () -> watchers.keySet().forEach(this::wake), check, check, TimeUnit.MILLISECONDS);
  }

  /** Runs {@code watcher} on a thread of the streams after each change of the job. */
  void watch(String jobId, Runnable watcher) {
    watchers.compute(
        jobId,
        (id, others) -> {
          Set<Runnable> all = others == null ? ConcurrentHashMap.newKeySet() : others;
          all.add(watcher);
          return all;
        });
  }

  void unwatch(String jobId, Runnable watcher) {
    watchers.computeIfPresent(
        jobId,
        (id, others) -> {
          others.remove(watcher);
          return others.isEmpty() ? null : others;
        });
  }

  private void wake(String jobId) {
    Set<Runnable> waiting = watchers.get(jobId);
    if (waiting != null) {
      waiting.forEach(threads::execute);
    }
  }
}
