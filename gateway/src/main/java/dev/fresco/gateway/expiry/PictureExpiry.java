package dev.fresco.gateway.expiry;

import dev.fresco.gateway.config.GatewaySettings;
import dev.fresco.platform.store.ObjectStore;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Removes pictures that no view shows any more: they are kept as long as views are. So are those
 * that came with requests, also of requests that never became a job. Every gateway does so; what
 * one has removed the next passes over.
 */
@Component
class PictureExpiry {
  private static final Logger log = LoggerFactory.getLogger(PictureExpiry.class);

  private final ObjectStore objects;
  private final GatewaySettings settings;
  private final Clock clock;

  PictureExpiry(ObjectStore objects, GatewaySettings settings, Clock clock) {
    this.objects = objects;
    this.settings = settings;
    this.clock = clock;
  }

  @Scheduled(initialDelay = 1, fixedDelay = 60, timeUnit = TimeUnit.MINUTES)
  void sweep() {
    Instant limit = clock.instant().minus(settings.viewsKept());
    for (String prefix : new String[] {"results", "previews", "inputs"}) {
      try {
        int deleted = objects.deleteOlderThan(prefix, limit);
        if (deleted > 0) {
          log.info("removed {} {} from before {}", deleted, prefix, limit);
        }
      } catch (IOException e) {
        log.warn(
            "{} from before {} could not all be removed; trying again later", prefix, limit, e);
      }
    }
  }
}
