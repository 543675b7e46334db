package dev.fresco.gateway.stream;

import dev.fresco.gateway.config.GatewaySettings;
import dev.fresco.gateway.view.RedisKeys;
import dev.fresco.platform.web.JobWatchers;
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
  JobChanges(
      RedisMessageListenerContainer messages,
      JobWatchers watchers,
      ScheduledExecutorService streamThreads,
      GatewaySettings settings) {
    messages.addMessageListener(
        (message, pattern) -> watchers.wake(new String(message.getBody())),
        ChannelTopic.of(RedisKeys.CHANGED));
    long check = settings.streamCheck().toMillis();
    streamThreads.scheduleWithFixedDelay(watchers::wakeAll, check, check, TimeUnit.MILLISECONDS);
  }
}
