package dev.fresco.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.worker.WorkerStatus;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.LivenessState;

/** Memory that is short, and a device that is broken. */
class FailingEngineTest {
  private static final int ALL = 1_000_000;
  private static final long PIXELS = 64 * 64;

  @TempDir static Path objects;
  private static WorkerScenario scenario;

  @BeforeAll
  static void start() {
    scenario = new WorkerScenario(objects);
  }

  @AfterAll
  static void stop() {
    scenario.close();
  }

  /** What a worker learns of its memory is its own. */
  @BeforeEach
  void shut() {
    scenario.gate.drainPermits();
  }

  private GatedModel fresh(String name) {
    scenario.startWorker(name);
    return scenario.model(name);
  }

  private static void retire(String name) {
    scenario.gate.release(ALL);
    scenario.stopWorker(name);
  }

  private static String assign(String worker, int side, int steps) {
    return scenario.assign(WorkerScenario.request("a cat", side, steps, 1), worker);
  }

  private static LivenessState liveness(String worker) {
    return scenario.worker(worker).getBean(ApplicationAvailability.class).getLivenessState();
  }

  private static void assertSucceeds(List<String> jobs) {
    for (String job : jobs) {
      assertThat(scenario.awaitEnd(job)).isInstanceOf(JobEvent.Succeeded.class);
    }
  }

  @Test
  void aStepThatMemoryIsShortForIsHalvedAndNobodyFails() {
    GatedModel model = fresh("worker-halves");
    model.stepMemory = 2 * PIXELS;
    List<String> jobs =
        IntStream.range(0, 6).mapToObj(i -> assign("worker-halves", 64, 20)).toList();
    await()
        .untilAsserted(
            () -> {
              scenario.gate.release(); // one step at a time, so that there is work to report
              assertThat(scenario.statuses("worker-halves"))
                  .extracting(WorkerStatus::slots)
                  .startsWith(8)
                  .contains(2);
            });
    scenario.gate.release(ALL);
    assertSucceeds(jobs);

    double refused =
        scenario
            .worker("worker-halves")
            .getBean(MeterRegistry.class)
            .get("fresco.worker.out.of.memory")
            .counter()
            .count();
    assertThat(model.attempts).filteredOn(members -> members > 2).hasSize((int) refused);
    assertThat(refused).as("refused once, then it was known").isBetween(1.0, 4.0);
    retire("worker-halves");
  }

  @Test
  void onlyAPictureThatDoesNotFitAloneFails() {
    GatedModel model = fresh("worker-small");
    model.stepMemory = 3 * PIXELS;
    String mate = assign("worker-small", 64, 20);
    String tooLarge = assign("worker-small", 128, 20);
    String late = assign("worker-small", 64, 20);
    scenario.gate.release(ALL);
    JobEvent.Failed failed = (JobEvent.Failed) scenario.awaitEnd(tooLarge);
    assertThat(failed.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
    assertThat(failed.message()).contains("no room for 1");
    assertSucceeds(List.of(mate, late));
    retire("worker-small");
  }

  @Test
  void aPictureThatCannotJoinBesideOthersWaitsForThemToLeave() {
    GatedModel model = fresh("worker-full");
    model.batchMemory = 2 * PIXELS;
    List<String> jobs = IntStream.range(0, 5).mapToObj(i -> assign("worker-full", 64, 9)).toList();
    String tooLarge = assign("worker-full", 128, 9);
    scenario.gate.release(ALL);
    assertSucceeds(jobs);
    JobEvent.Failed failed = (JobEvent.Failed) scenario.awaitEnd(tooLarge);
    assertThat(failed.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
    assertThat(model.attempts).allMatch(members -> members <= 2);
    retire("worker-full");
  }

  @Test
  void jobsThatFailAmongOthersThatWorkAreTheirOwnFault() {
    GatedModel model = fresh("worker-sound");
    model.fault = request -> request.settings().width() == 72;
    String mate = assign("worker-sound", 64, 60);
    for (int i = 0; i < 5; i++) {
      String poisoned = assign("worker-sound", 72, 5);
      scenario.stepUntil(() -> !scenario.ends(poisoned).isEmpty());
      JobEvent.Failed failed = (JobEvent.Failed) scenario.awaitEnd(poisoned);
      assertThat(failed.code()).isEqualTo(ErrorCode.ENGINE_FAILURE);
    }
    assertThat(liveness("worker-sound")).isEqualTo(LivenessState.CORRECT);
    scenario.gate.release(ALL);
    assertSucceeds(List.of(mate));
    retire("worker-sound");
  }

  @Test
  void aBrokenDeviceHandsItsJobsToAnotherWorker() {
    GatedModel model = fresh("worker-broken");
    model.fault = request -> true;
    List<String> jobs =
        IntStream.range(0, 5).mapToObj(i -> assign("worker-broken", 64, 5)).toList();
    scenario.gate.release(ALL);
    await()
        .atMost(WorkerScenario.PATIENCE)
        .until(() -> liveness("worker-broken") == LivenessState.BROKEN);
    fresh("worker-next");
    List<JobEvent> ends = new ArrayList<>();
    jobs.forEach(job -> ends.add(scenario.awaitEnd(job)));

    assertThat(ends).filteredOn(JobEvent.Failed.class::isInstance).hasSizeLessThanOrEqualTo(2);
    assertThat(ends).filteredOn(JobEvent.Succeeded.class::isInstance).hasSizeGreaterThan(2);
    assertThat(jobs).allSatisfy(job -> assertThat(scenario.ends(job)).hasSize(1));
    List<WorkerStatus> statuses = scenario.statuses("worker-broken");
    assertThat(statuses.get(statuses.size() - 1).draining()).isTrue();
    retire("worker-broken");
    retire("worker-next");
  }
}
