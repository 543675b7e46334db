package dev.fresco.router;

import static dev.fresco.contracts.job.JobState.ASSIGNED;
import static dev.fresco.contracts.job.JobState.CANCELLED;
import static dev.fresco.contracts.job.JobState.FAILED;
import static dev.fresco.contracts.job.JobState.QUEUED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.JobAssigned;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.JobRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Routers that end and others that take over on the same Kafka. */
class RouterRestartTest {

  @Test
  void thirtyJobsAreEachAssignedOnceThoughTheRouterEndsInTheMiddle() {
    List<String> jobs;
    String model;
    String worker;
    Scenario scenario;
    try (RunningRouter first = RunningRouter.start()) {
      scenario = new Scenario();
      model = scenario.name("model");
      worker = scenario.name("worker");
      jobs = IntStream.range(0, 30).mapToObj(n -> scenario.name("job-" + n)).toList();
      scenario.worker(worker, model, 12, 2);
      jobs.forEach(job -> scenario.post(job, model));
      jobs.forEach(
          job -> await().atMost(Scenario.SOON).until(() -> scenario.states(job).contains(QUEUED)));
      await()
          .atMost(Scenario.SOON)
          .until(() -> jobs.stream().filter(job -> assigned(scenario, job)).count() == 12);
      // What cannot be read is done with at once, but must not be committed over pending jobs.
      String broken = scenario.name("broken");
      scenario.send(Topics.JOBS_REQUESTED, broken, "broken");
      await().atMost(Scenario.SOON).until(() -> !scenario.deadLetters(broken).isEmpty());
    }
    String cancelledMeanwhile =
        jobs.stream().filter(job -> !assigned(scenario, job)).findFirst().orElseThrow();
    scenario.cancel(cancelledMeanwhile);
    try (RunningRouter second = RunningRouter.start()) {
      scenario.awaitStates(cancelledMeanwhile, QUEUED, CANCELLED);
      // The first router's 12 still fill the worker, though its status never named them.
      assertThat(jobs.stream().filter(job -> assigned(scenario, job))).hasSize(12);
      scenario.worker(scenario.name("worker-2"), model, 30, 3);
      List<String> rest = jobs.stream().filter(job -> !job.equals(cancelledMeanwhile)).toList();
      rest.forEach(job -> scenario.awaitStates(job, QUEUED, ASSIGNED));
      rest.forEach(job -> assertThat(scenario.placed(job)).as(job).hasSize(1));
      assertThat(scenario.placed(cancelledMeanwhile)).isEmpty();
    }
    scenario.close();
  }

  @Test
  void aRouterThatIsKilledLosesAndDoublesNothing() throws Exception {
    RouterProcess killed = RouterProcess.start();
    try (Scenario scenario = new Scenario()) {
      String model = scenario.name("model");
      scenario.worker(scenario.name("worker"), model, 60, 5);
      List<String> jobs = IntStream.range(0, 60).mapToObj(n -> scenario.name("job-" + n)).toList();
      jobs.subList(0, 15).forEach(job -> scenario.post(job, model));
      await().atMost(Scenario.SOON).until(() -> assigned(scenario, jobs.get(0)));
      jobs.subList(15, 40).forEach(job -> scenario.post(job, model));
      killed.kill();
      jobs.subList(40, 60).forEach(job -> scenario.post(job, model));
      try (RunningRouter next = RunningRouter.start()) {
        await().atMost(Scenario.SOON).until(() -> isActive(next));
        jobs.forEach(job -> scenario.awaitStates(job, QUEUED, ASSIGNED));
        jobs.forEach(job -> assertThat(scenario.placed(job)).as(job).hasSize(1));
      }
    } finally {
      killed.kill();
    }
  }

  /** As a router leaves it that is killed between the assignment and its event. */
  @Test
  void anAssignmentWhoseEventIsMissingIsReportedAndNotRepeated() {
    try (RunningRouter first = RunningRouter.start()) {
      assertThat(first.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
    }
    try (Scenario scenario = new Scenario()) {
      String job = scenario.name("job");
      String model = scenario.name("model");
      String worker = scenario.name("worker");
      String behind = scenario.name("behind");
      scenario.worker(worker, model, 9, 4);
      scenario.post(job, model);
      scenario.event(new JobEvent.Queued(job, Instant.now()));
      scenario.assign(4, assignment(job, model, worker));
      scenario.post(behind, model);
      try (RunningRouter second = RunningRouter.start()) {
        scenario.awaitStates(job, QUEUED, ASSIGNED);
        scenario.awaitStates(behind, QUEUED, ASSIGNED);
        assertThat(scenario.placed(job)).hasSize(1);
        assertThat(scenario.placed(behind)).hasSize(1);
      }
    }
  }

  @Test
  void aStandbyTakesOverAndOneRouterDecidesAtATime() {
    RunningRouter one = RunningRouter.start();
    try (RunningRouter two = RunningRouter.start();
        Scenario scenario = new Scenario()) {
      String model = scenario.name("model");
      String before = scenario.name("before");
      String pending = scenario.name("pending");
      scenario.worker(scenario.name("worker"), model, 1, 0);
      scenario.post(before, model);
      scenario.awaitStates(before, QUEUED, ASSIGNED);
      scenario.post(pending, model);
      scenario.awaitStates(pending, QUEUED);
      assertThat(List.of(isActive(one), isActive(two))).containsExactlyInAnyOrder(true, false);
      one.close();
      await().atMost(Scenario.SOON).until(() -> isActive(two));
      scenario.worker(scenario.name("worker-2"), model, 1, 1);
      scenario.awaitStates(pending, QUEUED, ASSIGNED);
      assertThat(scenario.placed(before)).hasSize(1);
      assertThat(scenario.placed(pending)).hasSize(1);
    }
  }

  @Test
  void aModelThatNobodyHasAnnouncedIsRefused() {
    try (RunningRouter router = RunningRouter.start("fresco.router.model-timeout=300ms");
        Scenario scenario = new Scenario()) {
      String job = scenario.name("job");
      scenario.post(job, scenario.name("model"));
      scenario.awaitStates(job, QUEUED, FAILED);
      assertThat(scenario.events(job).get(1))
          .isInstanceOfSatisfying(
              JobEvent.Failed.class,
              failed -> {
                assertThat(failed.code()).isEqualTo(ErrorCode.MODEL_NOT_SERVED);
                assertThat(failed.message()).contains(scenario.name("model"));
              });
    }
  }

  @Test
  void aModelWhoseWorkersAreLongGoneIsRefusedAndOneOfLateIsWaitedFor() {
    try (RunningRouter router =
            RunningRouter.start("fresco.router.model-timeout=1s", "fresco.router.model-memory=1h");
        Scenario scenario = new Scenario()) {
      String gone = scenario.name("gone");
      String away = scenario.name("away");
      Instant now = Instant.now();
      scenario.workerAt(now.minus(Duration.ofHours(2)), scenario.name("w1"), gone, 1, 0);
      scenario.workerAt(now.minus(Duration.ofMinutes(30)), scenario.name("w2"), away, 1, 0);
      String waiting = scenario.name("waiting");
      scenario.post(waiting, away);
      String refused = scenario.name("refused");
      scenario.post(refused, gone);
      scenario.awaitStates(refused, QUEUED, FAILED);
      assertThat(router.get("/v1/router/queue").body()).contains(waiting, "WORKERS_DOWN");
      assertThat(scenario.states(waiting)).containsExactly(QUEUED);
    }
  }

  private static boolean assigned(Scenario scenario, String job) {
    return scenario.states(job).contains(ASSIGNED);
  }

  private static boolean isActive(RunningRouter router) {
    return router.get("/v1/router/queue").body().contains("\"active\":true");
  }

  private static JobAssigned assignment(String job, String model, String worker) {
    JobRequest request =
        new JobRequest(
            JobKind.TEXT_TO_IMAGE,
            model,
            "a fox",
            "",
            64,
            64,
            10,
            5,
            "ddim",
            1,
            1,
            null,
            null,
            Map.of());
    return new JobAssigned(job, "tenant", worker, Instant.now(), Instant.now(), request);
  }
}
