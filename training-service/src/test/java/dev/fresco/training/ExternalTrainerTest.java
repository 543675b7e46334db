package dev.fresco.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fresco.platform.Answer;
import dev.fresco.platform.RunningService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The protocol of external trainers, from the first call to the last. */
class ExternalTrainerTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir static Path objects;
  private static RunningService service;

  @BeforeAll
  static void start() {
    service = RunningService.start(TrainingApplication.class, "training-service", objects);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static void awaitPlan(RunningService service, String place, String name) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(service.get(place + "/plan").field("name")).isEqualTo(name));
  }

  private static void awaitState(RunningService service, String place, String state) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(service.get(place).field("state")).isEqualTo(state));
  }

  private static List<String> types(Answer stream) {
    return Pattern.compile("^event: (.+)$", Pattern.MULTILINE)
        .matcher(stream.text())
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  @Test
  void aSlowLinkBringsAPlanAndItsHealingTheFirstOneBack() {
    RunningService ada = service.as("slow");
    ExternalTrainer trainer = new ExternalTrainer(ada, 3, 6, 80);
    String place = trainer.place();
    Answer first = ada.get(place + "/plan").hasStatus(200);
    assertThat(first.field("name")).isEqualTo("healthy");
    assertThat(first.json().get("stages")).hasSize(3);
    assertThat(first.json().get("stages").get(2).asString()).startsWith("F0 B0");
    assertThat(first.json().get("delegates").toString()).isEqualTo("[0,0]");

    trainer.run(24);
    trainer.slowLink(1, 30);
    trainer.run(10);
    awaitPlan(ada, place, "adapted");
    Answer adapted = ada.get(place + "/plan");
    assertThat(adapted.json().get("delegates").get(0).asInt()).isZero();
    assertThat(adapted.json().get("delegates").get(1).asInt()).isBetween(3, 5);
    assertThat(adapted.json().get("fromIteration").asInt()).isBetween(26, 36);
    assertThat(adapted.field("reason")).contains("link 1");
    String metrics = ada.get("/actuator/prometheus").text();
    assertThat(metrics)
        .containsPattern(
            "fresco_training_link_delay_seconds\\{[^}]*place=\"link 1\"[^}]*} 0\\.0[23]")
        .containsPattern("fresco_training_schedule\\{[^}]*schedule=\"adapted\"")
        .containsPattern("fresco_training_iteration_seconds_count\\{[^}]*kind=\"external\"")
        .containsPattern("fresco_training_bubble_ratio_count\\{[^}]*kind=\"external\"");

    trainer.slowLink(1, 0);
    trainer.run(46);
    awaitState(ada, place, "SUCCEEDED");
    assertThat(ada.get(place + "/plan").field("name")).isEqualTo("healthy");
    assertThat(ada.get(place).json().at("/progress/iterationsDone").asInt()).isEqualTo(80);
    assertThat(ada.get(place).json().at("/progress/loss").asDouble()).isEqualTo(2.5);

    Answer events = ada.get(place + "/events").hasStatus(200);
    assertThat(events.header("Content-Type")).startsWith("text/event-stream");
    List<String> types = types(events);
    assertThat(types).startsWith("created", "started");
    assertThat(types).endsWith("progressed", "succeeded");
    assertThat(types).containsSubsequence("degraded", "planned", "healed", "planned");
    assertThat(events.text()).doesNotContain("tenant");
  }

  @Test
  void aStreamGoesOnAfterTheLastEventThatItsReaderHasSeen() {
    RunningService ada = service.as("stream");
    ExternalTrainer trainer = new ExternalTrainer(ada, 2, 2, 3);
    trainer.run(3);
    awaitState(ada, trainer.place(), "SUCCEEDED");
    String whole = ada.get(trainer.place() + "/events").text();
    List<String> ids =
        Pattern.compile("^id: (.+)$", Pattern.MULTILINE)
            .matcher(whole)
            .results()
            .map(match -> match.group(1))
            .toList();
    Answer rest =
        ada.send(ada.request(trainer.place() + "/events").header("Last-Event-ID", ids.get(1)));
    assertThat(whole).endsWith(rest.hasStatus(200).text());
    assertThat(rest.text()).startsWith("id: " + ids.get(2));
    String last = ids.get(ids.size() - 1);
    ada.send(ada.request(trainer.place() + "/events").header("Last-Event-ID", last)).hasStatus(204);
    ada.send(ada.request(trainer.place() + "/events").header("Last-Event-ID", "x"))
        .isProblem(400, "malformed_request", "Last-Event-ID");
    service.as("bob").get(trainer.place() + "/events").isProblem(404, "not_found");
    service.as("bob").get(trainer.place() + "/plan").isProblem(404, "not_found");
  }

  @Test
  void aStoppedJobTakesTelemetryAgainOnceItIsResumed() throws Exception {
    RunningService ada = service.as("resume");
    ExternalTrainer trainer = new ExternalTrainer(ada, 2, 2, 100);
    ada.postJson(trainer.place() + "/resume", "").isProblem(409, "conflict", "CREATED");
    trainer.run(2);
    awaitState(ada, trainer.place(), "RUNNING");
    ada.delete(trainer.place()).hasStatus(202);
    trainer.post(trainer.reports(2)).isProblem(409, "conflict", "STOPPED", "resumed");
    Answer resumed = ada.postJson(trainer.place() + "/resume", "").hasStatus(202);
    assertThat(resumed.field("state")).isEqualTo("CREATED");
    assertThat(resumed.json().has("stoppedAt")).isFalse();
    trainer.run(1);
    awaitState(ada, trainer.place(), "RUNNING");
    ada.delete(trainer.place()).hasStatus(202);
    assertThat(types(ada.get(trainer.place() + "/events")))
        .filteredOn(type -> !type.equals("progressed"))
        .containsExactly("created", "started", "stopped", "resumed", "started", "stopped");
  }

  @Test
  void repeatedAndLateReportsAreTakenAndNotUsed() {
    RunningService ada = service.as("twice");
    ExternalTrainer trainer = new ExternalTrainer(ada, 2, 2, 4);
    String third = trainer.reports(2);
    trainer.run(2);
    trainer.post(third).hasStatus(202);
    trainer.post(third).hasStatus(202);
    trainer.post(trainer.reports(1)).hasStatus(202);
    trainer.post(trainer.reports(3)).hasStatus(202);
    awaitState(ada, trainer.place(), "SUCCEEDED");
    assertThat(ada.get("/actuator/prometheus").text())
        .containsPattern("telemetry_reports_total\\{[^}]*result=\"repeated\"[^}]*} [1-9]");
  }

  /** The stream stays open while the job runs; the limit is for one that does not come. */
  @Test
  @Timeout(60)
  void anEventComesWhileTheStreamGoesOn() throws Exception {
    RunningService ada = service.as("live");
    ExternalTrainer trainer = new ExternalTrainer(ada, 2, 2, 100);
    try (BufferedReader lines = follow(ada, trainer)) {
      awaitLine(lines, "event: created");
      trainer.run(1);
      awaitLine(lines, "event: started");
      awaitLine(lines, "event: progressed");
      ada.delete(trainer.place()).hasStatus(202);
      awaitLine(lines, "event: stopped");
      assertThat(lines.lines()).noneMatch(line -> line.startsWith("event:"));
    }
  }

  @Test
  @Timeout(60)
  void aStageThatTellsNothingIsNamed() throws Exception {
    RunningService ada = service.as("silent");
    ExternalTrainer trainer = new ExternalTrainer(ada, 2, 2, 100);
    trainer.run(1);
    for (int iteration = 1; iteration < 20; iteration++) {
      String ofFirstStage = trainer.reports(iteration).replaceAll("(?s),\\{\"at\".*", "]}");
      trainer.post(ofFirstStage).hasStatus(202);
    }
    try (BufferedReader lines = follow(ada, trainer)) {
      awaitLine(lines, "event: silent");
      assertThat(lines.readLine()).contains("\"stage\":1,\"iteration\":0");
    }
  }

  private static BufferedReader follow(RunningService ada, ExternalTrainer trainer)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> stream =
        HttpClient.newHttpClient()
            .send(ada.request(trainer.place() + "/events").build(), BodyHandlers.ofInputStream());
    return new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
  }

  private static void awaitLine(BufferedReader lines, String wanted) throws IOException {
    String line = lines.readLine();
    while (!wanted.equals(line)) {
      assertThat(line).as("the line after which the stream ended").isNotNull();
      line = lines.readLine();
    }
  }

  /** Only Kafka knows the plan then: the watch that made it is gone. */
  @Test
  void thePlanInForceOutlivesTheServiceAndRedis() {
    RunningService ada = service.as("again");
    ExternalTrainer trainer = new ExternalTrainer(ada, 3, 6, 1000);
    trainer.run(24);
    trainer.slowLink(0, 30);
    trainer.run(10);
    awaitPlan(ada, trainer.place(), "adapted");
    Answer plan = ada.get(trainer.place() + "/plan");
    stop();
    RunningService.flushRedis();
    start();
    RunningService next = service.as("again");
    assertThat(next.get(trainer.place() + "/plan").json()).isEqualTo(plan.json());
    ExternalTrainer goesOn = trainer.with(next);
    goesOn.run(4);
    goesOn.slowLink(0, 0);
    goesOn.run(12);
    awaitPlan(next, trainer.place(), "healthy");
  }
}
