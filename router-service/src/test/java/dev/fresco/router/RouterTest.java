package dev.fresco.router;

import static dev.fresco.contracts.job.JobState.ASSIGNED;
import static dev.fresco.contracts.job.JobState.CANCELLED;
import static dev.fresco.contracts.job.JobState.EXPIRED;
import static dev.fresco.contracts.job.JobState.FAILED;
import static dev.fresco.contracts.job.JobState.QUEUED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.template.RecordingKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.support.KafkaHeaders;

class RouterTest {
  private static RunningRouter router;
  private Scenario scenario;
  private String model;
  private String worker;
  private String job;

  @BeforeAll
  static void start() {
    router = RunningRouter.start();
  }

  @AfterAll
  static void stop() {
    router.close();
  }

  @BeforeEach
  void scene() {
    scenario = new Scenario();
    model = scenario.name("model");
    worker = scenario.name("worker");
    job = scenario.name("job");
  }

  @AfterEach
  void end() {
    scenario.close();
  }

  @Test
  void aJobGoesToTheOnlyWorkerThatServesItsModel() {
    scenario.worker(scenario.name("other-worker"), scenario.name("other-model"), 4, 1);
    scenario.worker(worker, model, 4, 7);
    scenario.post(job, model);
    scenario.awaitStates(job, QUEUED, ASSIGNED);
    assertThat(scenario.placed(job))
        .singleElement()
        .satisfies(
            placed -> {
              assertThat(placed.partition()).isEqualTo(7);
              assertThat(placed.job().workerId()).isEqualTo(worker);
              assertThat(placed.job().request().model()).isEqualTo(model);
            });
  }

  @Test
  void aJobIsBoundWhenAWorkerAppears() {
    scenario.post(job, model);
    scenario.awaitStates(job, QUEUED);
    assertThat(router.get("/v1/router/queue").body()).contains(job, "MODEL_UNKNOWN");
    scenario.worker(worker, model, 1, 0);
    scenario.awaitStates(job, QUEUED, ASSIGNED);
  }

  @Test
  void anEditGoesWhereItsRecordingIs() {
    String template = "cd".repeat(32);
    String recording = new RecordingKey("r1", template, 64, 64, "ddim", 10, true, List.of()).id();
    scenario.editing(scenario.name("a-stranger"), model, 50, List.of("rec_other"));
    scenario.editing(worker, model, 50, List.of(recording));
    scenario.postEdit(job, model, template, .1);
    scenario.awaitStates(job, QUEUED, ASSIGNED);
    assertThat(scenario.placed(job))
        .singleElement()
        .satisfies(placed -> assertThat(placed.job().workerId()).isEqualTo(worker));
  }

  /**
   * What a whole picture costs is learnt from what the workers say; then masks count, not heads.
   */
  @Test
  void aJobGoesWhereTheMasksAreSmall() {
    String large = scenario.name("a-large");
    for (String taught : new String[] {large, worker}) {
      scenario.editing(taught, model, 0, List.of());
      scenario.editing(taught, model, 101, List.of(), 1);
      scenario.editing(taught, model, 200, List.of(), 1, 1);
      scenario.editing(taught, model, 50, List.of(), .25, .25);
    }
    // The same last step, fewer pictures and the smaller id: only the masks speak against it.
    scenario.editing(large, model, 50, List.of(), 1, .5);
    scenario.editing(worker, model, 50, List.of(), .1, .1, .1);
    scenario.post(job, model);
    scenario.awaitStates(job, QUEUED, ASSIGNED);
    assertThat(scenario.placed(job))
        .singleElement()
        .satisfies(placed -> assertThat(placed.job().workerId()).isEqualTo(worker));
    assertThat(router.get("/actuator/prometheus").body()).contains("fresco_router_step_r_squared");
  }

  @Test
  void aFullWorkerGetsTheNextJobWhenItsStatusShowsRoom() {
    String second = scenario.name("second");
    String third = scenario.name("third");
    scenario.worker(worker, model, 1, 0);
    scenario.post(job, model);
    scenario.awaitStates(job, QUEUED, ASSIGNED);
    // The status does not name the first job yet, and still the second must wait.
    scenario.post(second, model);
    scenario.awaitStates(second, QUEUED);
    scenario.worker(worker, model, 1, 0);
    scenario.worker(worker, model, 1, 0, job);
    scenario.post(third, model);
    scenario.awaitStates(third, QUEUED);
    assertThat(scenario.states(second)).containsExactly(QUEUED);
    scenario.worker(worker, model, 1, 0);
    scenario.awaitStates(second, QUEUED, ASSIGNED);
    assertThat(scenario.states(third)).containsExactly(QUEUED);
  }

  @Test
  void anEndedJobFreesAWorkerWhoseStatusNeverNamedIt() {
    String second = scenario.name("second");
    scenario.worker(worker, model, 1, 0);
    scenario.post(job, model);
    scenario.awaitStates(job, QUEUED, ASSIGNED);
    scenario.post(second, model);
    scenario.awaitStates(second, QUEUED);
    scenario.event(
        new JobEvent.Failed(job, Instant.now(), ErrorCode.ENGINE_FAILURE, "out of paint"));
    scenario.awaitStates(second, QUEUED, ASSIGNED);
  }

  @Test
  void anEmptyWorkerTakesAJobOfMorePicturesThanItHasSlots() {
    scenario.worker(worker, model, 2, 0);
    scenario.post(job, model, 5, null);
    scenario.awaitStates(job, QUEUED, ASSIGNED);
  }

  @Test
  void aPendingJobIsCancelledAndNeverAssigned() {
    scenario.post(job, model);
    scenario.awaitStates(job, QUEUED);
    scenario.cancel(job);
    scenario.awaitStates(job, QUEUED, CANCELLED);
    String behind = scenario.name("behind");
    scenario.worker(worker, model, 4, 0);
    scenario.post(behind, model);
    scenario.awaitStates(behind, QUEUED, ASSIGNED);
    assertThat(scenario.states(job)).containsExactly(QUEUED, CANCELLED);
    assertThat(scenario.placed(job)).isEmpty();
  }

  @Test
  void aCancelThatOvertakesItsJobIsNotLost() {
    String marker = scenario.name("marker");
    scenario.post(marker, model);
    scenario.awaitStates(marker, QUEUED);
    scenario.cancel(job);
    scenario.cancel(marker);
    scenario.awaitStates(marker, QUEUED, CANCELLED);
    scenario.worker(worker, model, 4, 0);
    scenario.post(job, model);
    scenario.awaitStates(job, QUEUED, CANCELLED);
    assertThat(scenario.placed(job)).isEmpty();
  }

  @Test
  void aPendingJobExpiresAtItsDeadline() {
    Instant deadline = Instant.now().plusMillis(1500);
    scenario.post(job, model, 1, deadline);
    scenario.awaitStates(job, QUEUED, EXPIRED);
    assertThat(scenario.events(job).get(1).at()).isAfterOrEqualTo(deadline);
  }

  @Test
  void aJobThatIsRequestedTwiceIsAssignedOnce() {
    String behind = scenario.name("behind");
    scenario.worker(worker, model, 9, 0);
    scenario.post(job, model);
    scenario.post(job, model);
    scenario.awaitStates(job, QUEUED, ASSIGNED);
    scenario.post(job, model);
    scenario.post(behind, model);
    scenario.awaitStates(behind, QUEUED, ASSIGNED);
    assertThat(scenario.placed(job)).hasSize(1);
  }

  @Test
  void whatCannotBeReadGoesToTheDeadLettersAndHoldsUpNothing() {
    scenario.worker(worker, model, 4, 0);
    String broken = scenario.name("broken");
    scenario.send(Topics.JOBS_REQUESTED, broken, "{\"jobId\": \"");
    scenario.post(job, model);
    scenario.awaitStates(job, QUEUED, ASSIGNED);
    await().atMost(Scenario.SOON).until(() -> !scenario.deadLetters(broken).isEmpty());
    assertThat(scenario.deadLetters(broken))
        .singleElement()
        .satisfies(
            dead ->
                assertThat(
                        new String(
                            dead.headers().lastHeader(KafkaHeaders.DLT_EXCEPTION_MESSAGE).value(),
                            StandardCharsets.UTF_8))
                    .contains("JobRequested"));
    scenario.awaitStates(broken, FAILED);
  }

  @Test
  void showsTheQueueItsMetersAndItsHealth() {
    scenario.worker(worker, model, 1, 3);
    scenario.post(job, model);
    scenario.awaitStates(job, QUEUED, ASSIGNED);
    String waiting = scenario.name("waiting");
    scenario.post(waiting, model);
    scenario.awaitStates(waiting, QUEUED);
    assertThat(router.get("/v1/router/queue?limit=1000").body())
        .contains("\"active\":true", waiting, "NO_ROOM", worker, "\"inFlight\":[\"" + job + "\"]");
    assertThat(router.get("/v1/router/queue?limit=5000").statusCode()).isEqualTo(422);
    assertThat(router.get("/actuator/prometheus").body())
        .contains(
            "fresco_router_assignments_total{",
            "fresco_router_waiting_seconds_count{application=\"router-service\",priority=\"normal\"}",
            "fresco_router_decision_seconds_count",
            "fresco_router_expired_total",
            "fresco_router_pending{");
    assertThat(router.get("/actuator/health/readiness").body()).contains("\"kafka\"", "UP");
    assertThat(router.get("/actuator/health/liveness").body())
        .contains("UP")
        .doesNotContain("kafka");
  }
}
