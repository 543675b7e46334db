package dev.fresco.lora;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.platform.Answer;
import dev.fresco.platform.RunningService;
import dev.fresco.platform.RunningService.MultipartBody;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterRebuildTest {
  private static final String PATH = "/v1/loras";

  @TempDir Path objects;

  private RunningService start() {
    return RunningService.start(LoraApplication.class, "lora-service", objects).as("rebuild");
  }

  private static Answer upload(RunningService service, int rank) {
    return service.post(
        PATH, new MultipartBody().file("file", "a.safetensors", TestAdapters.lora(rank)));
  }

  @Test
  void aFlushedRedisIsRebuiltAtTheStartAndWhatWasDeletedStaysSo() {
    Answer kept;
    String deleted;
    try (RunningService service = start()) {
      kept = upload(service, 1).hasStatus(201);
      deleted = upload(service, 2).hasStatus(201).header("Location");
      service.delete(deleted).hasStatus(204);
      assertThat(service.get("/actuator/health/liveness").hasStatus(200).text())
          .doesNotContain("redis", "kafka");
      assertThat(service.get("/actuator/health/readiness").hasStatus(200).text())
          .contains("\"redis\"", "\"kafka\"");
      assertThat(service.get("/actuator/prometheus").hasStatus(200).text())
          .containsPattern("fresco_lora_adapters_registered_total\\{[^}]*created[^}]*} 2")
          .containsPattern("fresco_lora_adapters\\{[^}]*} \\d");
    }
    RunningService.flushRedis();
    try (RunningService service = start()) {
      assertThat(service.get(PATH).json().get("items")).containsExactly(kept.json());
      service.get(deleted).hasStatus(404);
      service.delete(kept.header("Location")).hasStatus(204);
    }
    try (RunningService service = start()) {
      assertThat(service.get(PATH).json().get("items")).isEmpty();
    }
  }
}
