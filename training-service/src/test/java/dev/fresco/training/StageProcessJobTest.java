package dev.fresco.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fresco.platform.RunningService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stages in processes of their own, which may be killed. */
class StageProcessJobTest {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  @TempDir Path folder;
  private RunningService service;

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void aStageThatIsKilledTakesNothingWithIt() {
    service = RunningJobs.start(folder, "fresco.training.stages=processes");
    String place =
        service
            .postJson(TrainingJobsApiTest.PATH, RunningJobs.job(RunningJobs.text(service), 2_000))
            .header("Location");
    await().atMost(PATIENCE).until(() -> checkpoint(place) >= 10);
    ProcessHandle killed = stages().get(1);
    killed.destroyForcibly();
    await().atMost(PATIENCE).until(() -> stages().size() == 2 && !stages().contains(killed));
    int before = checkpoint(place);
    await().atMost(PATIENCE).until(() -> checkpoint(place) > before);
    service.delete(place).hasStatus(202);
    await().atMost(PATIENCE).until(() -> service.get(place).field("state").equals("STOPPED"));
    assertThat(service.get(place + "/events").text()).contains("event: restarted");
    assertThat(stages()).isEmpty();
  }

  private int checkpoint(String place) {
    return service.get(place).json().path("checkpoint").asInt();
  }

  private static List<ProcessHandle> stages() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().commandLine().orElse("").contains("StageProcess"))
        .toList();
  }
}
