package dev.fresco.gateway.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.gateway.config.GatewaySettings;
import dev.fresco.platform.store.DirectoryObjectStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureExpiryTest {
  private static final Duration WEEK = Duration.ofDays(7);
  private static final Duration ANY = Duration.ofSeconds(1);
  private static final GatewaySettings SETTINGS =
      new GatewaySettings(null, ANY, ANY, WEEK, ANY, ANY, ANY, ANY);

  @TempDir Path folder;

  @Test
  void picturesGoWithTheirViewsAndTemplatesStay() throws Exception {
    DirectoryObjectStore objects = new DirectoryObjectStore(folder);
    for (String key :
        List.of(
            "results/job_1/0.png", "previews/job_1/0.png", "inputs/job_1/image", "templates/t")) {
      objects.put(key, new byte[1]);
    }
    sweepAt(objects, Instant.now().plus(WEEK).minusSeconds(60));
    assertThat(objects.get("results/job_1/0.png")).isPresent();
    sweepAt(objects, Instant.now().plus(WEEK).plusSeconds(60));
    assertThat(objects.get("results/job_1/0.png")).isEmpty();
    assertThat(objects.get("previews/job_1/0.png")).isEmpty();
    assertThat(objects.get("inputs/job_1/image")).isEmpty();
    assertThat(objects.get("templates/t")).isPresent();
  }

  private static void sweepAt(DirectoryObjectStore objects, Instant now) {
    new PictureExpiry(objects, SETTINGS, Clock.fixed(now, ZoneOffset.UTC)).sweep();
  }
}
