package dev.fresco.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fresco.engine.checkpoint.SafetensorsFile;
import dev.fresco.platform.Answer;
import dev.fresco.platform.RunningService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that the service itself runs, from the data to the end. */
class PipelineJobTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String PATH = TrainingJobsApiTest.PATH;

  @TempDir static Path folder;
  private static RunningService service;

  @BeforeAll
  static void start() {
    // A service that is closed breaks off what it runs.
    service = RunningJobs.start(folder, "fresco.training.stop-limit=0s");
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private String create(String job) {
    return service.postJson(PATH, job).hasStatus(201).header("Location");
  }

  private Answer awaitState(String place, String state) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(service.get(place).field("state"))
                    .as(service.get(place).text())
                    .isEqualTo(state));
    return service.get(place);
  }

  private void awaitIteration(String place, int least) {
    await()
        .atMost(PATIENCE)
        .until(() -> service.get(place).json().at("/progress/iterationsDone").asInt() >= least);
  }

  private List<String> types(String place) {
    return Pattern.compile("^event: (.+)$", Pattern.MULTILINE)
        .matcher(service.get(place + "/events").text())
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  @Test
  void aJobRunsToItsEndAndTellsOfItsWay() {
    String place = create(RunningJobs.job(RunningJobs.text(service), 60));
    Answer done = awaitState(place, "SUCCEEDED");
    assertThat(done.json().at("/progress/iterationsDone").asInt()).isEqualTo(60);
    assertThat(done.json().at("/progress/loss").asDouble()).isBetween(1.0, 5.0);
    assertThat(done.json().get("checkpoint").asInt()).isEqualTo(60);
    assertThat(done.json().at("/setup/sizes/hidden").asInt()).isEqualTo(32);
    assertThat(types(place)).startsWith("created", "started");
    assertThat(types(place)).endsWith("succeeded").contains("progressed", "checkpointed");
    service
        .postJson(place + "/telemetry", "{\"reports\": []}")
        .isProblem(409, "conflict", "measures it itself");
    assertThat(folder.resolve("runs").resolve(place.substring(PATH.length() + 1)))
        .isDirectoryContaining("glob:**/checkpoints");
  }

  @Test
  void whatAJobHasTrainedIsPublishedUnderItsName() throws IOException {
    String job =
        RunningJobs.job(RunningJobs.text(service), 5)
            .replace("\"setup\"", "\"publish\": {\"model\": \"book-1\"}, \"setup\"");
    String first = create(job);
    awaitState(first, "SUCCEEDED");
    Answer model = service.get(first + "/model").hasStatus(200);
    assertThat(model.header("Content-Disposition")).contains("model.safetensors");
    Path file = Files.write(folder.resolve("downloaded.safetensors"), model.bytes());
    try (SafetensorsFile weights = SafetensorsFile.open(file)) {
      assertThat(weights.tensors()).containsKeys("tokens.weight", "head.weight");
      assertThat(weights.tensors().keySet()).noneMatch(name -> name.contains("moment"));
    }

    String second = create(job);
    Answer taken = awaitState(second, "FAILED");
    assertThat(taken.json().at("/error/code").asString()).isEqualTo("conflict");
    assertThat(taken.json().at("/error/message").asString()).contains("book-1");
    service.get(second + "/model").isProblem(404, "not_found");
    assertThat(service.get(first + "/model").hasStatus(200).bytes()).isEqualTo(model.bytes());
  }

  @Test
  void aJobThatWasStoppedGoesOnFromThere() {
    String place = create(RunningJobs.job(RunningJobs.text(service), 100_000));
    awaitIteration(place, 3);
    service.delete(place).hasStatus(202);
    Answer stopped = awaitState(place, "STOPPED");
    int checkpoint = stopped.json().get("checkpoint").asInt();
    assertThat(checkpoint).isGreaterThanOrEqualTo(3);
    service.postJson(place + "/resume", "").hasStatus(202);
    awaitIteration(place, checkpoint + 1);
    service.delete(place).hasStatus(202);
    awaitState(place, "STOPPED");
  }

  /** Only checkpoints that were due are there. */
  @Test
  void aJobGoesOnInTheNextServiceFromItsNewestCheckpoint() {
    String place = create(RunningJobs.job(RunningJobs.text(service), 100));
    await().atMost(PATIENCE).until(() -> service.get(place).json().has("checkpoint"));
    service.close();
    RunningService.flushRedis();
    start();
    Answer done = awaitState(place, "SUCCEEDED");
    assertThat(done.json().get("checkpoint").asInt()).isEqualTo(100);
    assertThat(types(place).stream().filter(type -> type.equals("started"))).hasSize(2);
  }

  @Test
  void aSlowLinkIsPlannedForWhileTheJobRuns() {
    String place =
        create(
            RunningJobs.job(RunningJobs.text(service), 90)
                .replace(
                    "\"rows\"",
                    "\"slowLinks\": [{\"host\": 0, \"otherHost\": 1, \"delayMillis\": 40,"
                        + " \"fromIteration\": 30, \"toIteration\": 55}], \"rows\""));
    awaitState(place, "SUCCEEDED");
    String events = service.get(place + "/events").text();
    assertThat(events)
        .containsPattern("event: degraded\n[^\n]*\"place\":\"link 0\"")
        .containsPattern("event: planned\n[^\n]*link 0: send_")
        .containsPattern("event: healed\n[^\n]*\"place\":\"link 0\"");
    // A busy machine may have slowed the link down by fractions of a millisecond meanwhile.
    assertThat(service.get(place + "/plan").json().get("delays"))
        .allMatch(delay -> delay.get("slowMillis").asDouble() < 20);
    assertThat(service.get(place + "/plan").json().get("number").asInt()).isGreaterThan(1);
  }

  @Test
  void aLossThatIsNoNumberEndsTheJobWithItsLastGoodCheckpoint() {
    String place =
        create(
            RunningJobs.job(RunningJobs.text(service), 1000)
                .replace("0.003", "1000, \"weightDecay\": 1"));
    Answer failed = awaitState(place, "FAILED");
    assertThat(failed.json().at("/error/code").asString()).isEqualTo("not_finite");
    assertThat(failed.json().at("/error/message").asString()).contains("iteration");
  }

  /** Hosts 0 and 2 are the first stages of both replicas. */
  @Test
  void aSlowWayBetweenReplicasHasHostsChangePlaces() {
    String place =
        create(
            RunningJobs.job(RunningJobs.text(service), 120)
                .replace("\"iterations\"", "\"replicas\": 2, \"iterations\"")
                .replace(
                    "\"rows\"",
                    "\"slowLinks\": [{\"host\": 0, \"otherHost\": 2, \"delayMillis\": 100,"
                        + " \"fromIteration\": 50}], \"rows\""));
    awaitState(place, "SUCCEEDED");
    assertThat(service.get(place + "/events").text()).contains("hosts change places");
    assertThat(service.get(place + "/plan").json().get("hosts")).hasSize(4);
  }

  /** One job runs at a time. */
  @Test
  void aJobThatWaitsIsStoppedAtOnce() {
    String data = RunningJobs.text(service);
    String first = create(RunningJobs.job(data, 100_000));
    awaitIteration(first, 1);
    String second = create(RunningJobs.job(data, 10));
    service.delete(second).hasStatus(202);
    awaitState(second, "STOPPED");
    assertThat(service.get(first).field("state")).isEqualTo("RUNNING");
    service.postJson(second + "/resume", "").hasStatus(202);
    service.delete(first).hasStatus(202);
    awaitState(second, "SUCCEEDED");
    assertThat(types(second).stream().filter(type -> type.equals("stopped"))).hasSize(1);
  }

  @Test
  void aDiffusionTransformerIsTrainedOnLatents() {
    String place =
        create(
            """
            {"kind": "diffusion-transformer", "model": "latents", "stages": 2, "microbatches": 2,
             "iterations": 8, "replicas": 2, "schedule": "1f1b",
             "setup": {"data": "%s", "rows": 2,
               "sizes": {"channels": 8, "heads": 2, "layers": 2,
                 "latents": {"channels": 2, "height": 4, "width": 4, "patch": 2}}}}
            """
                .formatted(RunningJobs.latents(service, 6, 2, 4, 4)));
    Answer done = awaitState(place, "SUCCEEDED");
    assertThat(done.json().at("/progress/loss").asDouble()).isBetween(0.1, 20.0);
    assertThat(service.get(place + "/plan").json().at("/stages/0").asString()).contains("BW0");
  }

  @Test
  void dataThatDoNotFitTheModelFailTheJob() {
    String place =
        create(
            """
            {"kind": "diffusion-transformer", "model": "latents", "stages": 1, "microbatches": 1,
             "iterations": 2,
             "setup": {"data": "%s", "sizes": {"channels": 8, "heads": 2, "layers": 1,
                 "latents": {"channels": 4, "height": 4, "width": 4, "patch": 2}}}}
            """
                .formatted(RunningJobs.latents(service, 3, 2, 4, 4)));
    Answer failed = awaitState(place, "FAILED");
    assertThat(failed.json().at("/error/code").asString()).isEqualTo("invalid_request");
    assertThat(failed.json().at("/error/message").asString()).contains("[pictures, 4, 4, 4]");
  }
}
