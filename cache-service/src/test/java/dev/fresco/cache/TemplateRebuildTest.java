package dev.fresco.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fresco.platform.Answer;
import dev.fresco.platform.RunningService;
import dev.fresco.platform.RunningService.MultipartBody;
import dev.fresco.platform.image.TestImages;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateRebuildTest {
  private static final String PATH = "/v1/templates";

  @TempDir Path objects;

  private RunningService start() {
    return RunningService.start(CacheApplication.class, "cache-service", objects);
  }

  private static Answer upload(RunningService service, long seed) {
    return service.post(PATH, new MultipartBody().file("image", "a.png", TestImages.png(seed)));
  }

  @Test
  void aFlushedRedisIsRebuiltAtTheStart() {
    Answer kept;
    String deleted;
    try (RunningService service = start()) {
      kept = upload(service, 1).hasStatus(201);
      deleted = upload(service, 2).hasStatus(201).header("Location");
      service.delete(deleted).hasStatus(204);
    }
    RunningService.flushRedis();
    try (RunningService service = start()) {
      assertThat(service.get(kept.header("Location")).json()).isEqualTo(kept.json());
      assertThat(service.get(PATH).json().get("items")).containsExactly(kept.json());
      service.get(deleted).hasStatus(404);
      assertThat(upload(service, 1).hasStatus(200).json()).isEqualTo(kept.json());
      service.delete(kept.header("Location")).hasStatus(204);
    }
    try (RunningService service = start()) {
      assertThat(service.get(PATH).json().get("items")).isEmpty();
    }
  }

  @Test
  void aRedisFlushedWhileTheServiceRunsIsRebuilt() {
    try (RunningService service = start().as("flushed")) {
      Answer kept = upload(service, 3).hasStatus(201);
      RunningService.flushRedis();
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> service.get(kept.header("Location")).hasStatus(200));
    }
  }

  @Test
  void anUploadThatKafkaDoesNotConfirmInTimeMayBeRepeated() {
    try (RunningService service =
        RunningService.start(
                CacheApplication.class,
                "cache-service",
                objects,
                "fresco.catalogue.publish-limit=0ms")
            .as("impatient")) {
      Answer unconfirmed = upload(service, 5).isProblem(503, "unavailable", "repeated");
      assertThat(unconfirmed.header("Retry-After")).isEqualTo("5");
      // The event arrives all the same, and the follower takes it up.
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(service.get(PATH).json().get("items")).hasSize(1));
      upload(service, 5).hasStatus(200);
    }
  }

  @Test
  void healthAndMetersAreShown() {
    try (RunningService service = start().as("meters")) {
      upload(service, 4).hasStatus(201);
      assertThat(service.get("/actuator/health/liveness").hasStatus(200).text())
          .doesNotContain("redis", "kafka");
      assertThat(service.get("/actuator/health/readiness").hasStatus(200).text())
          .contains("\"redis\"", "\"kafka\"");
      assertThat(service.get("/actuator/prometheus").hasStatus(200).text())
          .contains(
              "fresco_cache_templates_registered_total{application=\"cache-service\","
                  + "result=\"created\"} 1.0")
          .containsPattern("fresco_cache_templates\\{[^}]*} \\d");
    }
  }
}
