package dev.fresco.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.Priority;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerTest {
  private static final int ALL = 1_000_000;

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

  @BeforeEach
  void shut() {
    scenario.gate.drainPermits();
    scenario.startWorkerIfAbsent("worker-a");
  }

  private String assign(String prompt, int steps) {
    return scenario.assign(WorkerScenario.request(prompt, steps, 1), "worker-a");
  }

  @Test
  void aJobOfTwoPicturesIsPaintedAndStored() throws Exception {
    scenario.gate.release(ALL);
    String jobId = scenario.assign(WorkerScenario.request("ein Bär ⭐", 5, 2), "worker-a");
    JobEvent.Succeeded end = (JobEvent.Succeeded) scenario.awaitEnd(jobId);

    assertThat(end.images()).extracting(JobEvent.ImageResult::seed).containsExactly(42L, 43L);
    byte[] png = Files.readAllBytes(objects.resolve(end.images().get(0).objectKey()));
    assertThat(ImageIO.read(new ByteArrayInputStream(png)).getWidth()).isEqualTo(64);
    assertThat(new String(png, "UTF-8")).contains("iTXtfresco").contains("ein Bär ⭐");
    List<JobEvent> events = scenario.events(jobId);
    assertThat(events.get(0)).isInstanceOf(JobEvent.Started.class);
    assertThat(events)
        .filteredOn(JobEvent.Step.class::isInstance)
        .extracting(event -> ((JobEvent.Step) event).stepsDone())
        .containsExactly(2, 4, 6, 8, 10);
  }

  @Test
  void aPictureIsTheSameAloneAndInACrowd() {
    scenario.gate.release(ALL);
    String alone = assign("a cat", 6);
    JobEvent.Succeeded aloneEnd = (JobEvent.Succeeded) scenario.awaitEnd(alone);
    assertThat(aloneEnd.execution().meanBatchSize()).isEqualTo(1.0);

    scenario.gate.drainPermits();
    List<String> crowd = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      crowd.add(assign("thing " + i, 3 + i));
    }
    String crowded = assign("a cat", 6);
    scenario.gate.release(ALL);
    JobEvent.Succeeded end = (JobEvent.Succeeded) scenario.awaitEnd(crowded);
    assertThat(end.images().get(0).sha256()).isNotNull();
    byte[] first = read(aloneEnd);
    byte[] second = read(end);
    assertThat(pixels(second)).isEqualTo(pixels(first));
    crowd.forEach(
        jobId -> assertThat(scenario.awaitEnd(jobId)).isInstanceOf(JobEvent.Succeeded.class));
    DistributionSummary sizes =
        scenario
            .worker("worker-a")
            .getBean(MeterRegistry.class)
            .get("fresco.worker.batch.size")
            .summary();
    assertThat(sizes.max()).isEqualTo(8.0);
  }

  private byte[] read(JobEvent.Succeeded end) {
    try {
      return Files.readAllBytes(objects.resolve(end.images().get(0).objectKey()));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static int[] pixels(byte[] png) {
    try {
      var image = ImageIO.read(new ByteArrayInputStream(png));
      return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void onePoisonedRequestFailsAlone() {
    String good = assign("a cat", 8);
    String poisoned = assign("a poisoned cat", 8);
    String alsoGood = assign("a dog", 8);
    scenario.gate.release(ALL);
    JobEvent.Failed failed = (JobEvent.Failed) scenario.awaitEnd(poisoned);
    assertThat(failed.code()).isEqualTo(ErrorCode.ENGINE_FAILURE);
    assertThat(failed.message()).contains("poisoned prompt at step 1");
    assertThat(scenario.awaitEnd(good)).isInstanceOf(JobEvent.Succeeded.class);
    assertThat(scenario.awaitEnd(alsoGood)).isInstanceOf(JobEvent.Succeeded.class);
  }

  @Test
  void aCancelledJobStopsAtTheNextStepAndItsMatesGoOn() {
    String cancelled = assign("a cat", 50);
    String mate = assign("a dog", 50);
    scenario.gate.release(10);
    scenario.awaitSteps(cancelled, 3);
    scenario.cancel(cancelled);
    scenario.stepUntil(() -> !scenario.ends(cancelled).isEmpty());
    assertThat(scenario.awaitEnd(cancelled)).isInstanceOf(JobEvent.Cancelled.class);
    scenario.gate.release(ALL);
    assertThat(scenario.awaitEnd(mate)).isInstanceOf(JobEvent.Succeeded.class);
    assertThat(scenario.ends(cancelled)).hasSize(1);
  }

  @Test
  void aJobThatWasCancelledBeforeItCameDoesNotRun() {
    String jobId = "job_cancelled_early_" + System.nanoTime();
    scenario.cancel(jobId);
    // A later cancellation that had its effect shows that the first was read.
    String witness = assign("a cat", 150);
    scenario.cancel(witness);
    scenario.stepUntil(() -> !scenario.ends(witness).isEmpty());
    assertThat(scenario.awaitEnd(witness)).isInstanceOf(JobEvent.Cancelled.class);
    scenario.assign(jobId, WorkerScenario.request("a cat", 5, 1), "worker-a");
    assertThat(scenario.awaitEnd(jobId)).isInstanceOf(JobEvent.Cancelled.class);
    assertThat(scenario.events(jobId)).noneMatch(JobEvent.Started.class::isInstance);
  }

  @Test
  void anotherModelsJobFails() {
    JobRequest fake = WorkerScenario.request("a cat", 5, 1);
    JobRequest other =
        new JobRequest(
            fake.kind(),
            "other",
            "a cat",
            "",
            64,
            64,
            5,
            5.0,
            "ddim",
            1,
            1,
            Priority.NORMAL,
            null,
            Map.of());
    String jobId = scenario.assign(other, "worker-a");
    JobEvent.Failed failed = (JobEvent.Failed) scenario.awaitEnd(jobId);
    assertThat(failed.code()).isEqualTo(ErrorCode.MODEL_NOT_SERVED);
  }

  @Test
  void aJobWhoseDeadlinePassedExpires() {
    JobRequest late =
        new JobRequest(
            WorkerScenario.request("a cat", 5, 1).kind(),
            "fake",
            "a cat",
            "",
            64,
            64,
            5,
            5.0,
            "ddim",
            1,
            2,
            Priority.NORMAL,
            Instant.now().minusSeconds(1),
            Map.of());
    String jobId = scenario.assign(late, "worker-a");
    scenario.gate.release(ALL);
    assertThat(scenario.awaitEnd(jobId)).isInstanceOf(JobEvent.Expired.class);
    assertThat(scenario.awaitEnd(assign("a cat", 3))).isInstanceOf(JobEvent.Succeeded.class);
  }

  @Test
  void twoPicturesThatFailInOneStepFailTheirJobAndNobodyElse() {
    String poisoned = scenario.assign(WorkerScenario.request("a poisoned cat", 8, 2), "worker-a");
    String good = assign("a cat", 8);
    scenario.gate.release(ALL);
    assertThat(scenario.awaitEnd(poisoned)).isInstanceOf(JobEvent.Failed.class);
    assertThat(scenario.awaitEnd(good)).isInstanceOf(JobEvent.Succeeded.class);
    assertThat(scenario.awaitEnd(assign("a dog", 3))).isInstanceOf(JobEvent.Succeeded.class);
    assertThat(scenario.ends(poisoned)).hasSize(1);
  }

  @Test
  void aPartitionThatIsLostAndRegainedLosesNoJob() {
    String jobId = assign("a cat", 40);
    scenario.gate.release(3);
    scenario.awaitSteps(jobId, 2);
    scenario.loseAndRegainPartitions("worker-a");
    scenario.gate.release(ALL);
    assertThat(scenario.awaitEnd(jobId)).isInstanceOf(JobEvent.Succeeded.class);
    assertThat(scenario.ends(jobId)).hasSize(1);
  }

  @Test
  void anUnreadableAssignmentHoldsNobodyUp() {
    scenario.gate.release(ALL);
    int partition = scenario.partitions("worker-a").get(0);
    String unreadable = "job_unreadable_" + System.nanoTime();
    scenario.send(
        new ProducerRecord<>(Topics.JOBS_ASSIGNED, partition, unreadable, "{\"jobId\":7"));
    String jobId = assign("a cat", 3);
    assertThat(scenario.awaitEnd(jobId)).isInstanceOf(JobEvent.Succeeded.class);
    JobEvent.Failed failed = (JobEvent.Failed) scenario.awaitEnd(unreadable);
    assertThat(failed.message()).contains("could not be read");
  }

  @Test
  void whatAStoppedWorkerLeftRunsOnceElsewhere() {
    List<String> jobs = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      jobs.add(assign("thing " + i, i % 2 == 0 ? 2 : 40));
    }
    scenario.gate.release(6);
    jobs.stream().limit(1).forEach(scenario::awaitEnd);
    // It stops at a step's end, so steps must go on, one by one, until it has.
    var stopped = CompletableFuture.runAsync(() -> scenario.stopWorker("worker-a"));
    scenario.stepUntil(stopped::isDone);
    scenario.gate.release(ALL);
    scenario.startWorker("worker-b");
    for (String jobId : jobs) {
      assertThat(scenario.awaitEnd(jobId)).isInstanceOf(JobEvent.Succeeded.class);
    }
    assertThat(jobs).allSatisfy(jobId -> assertThat(scenario.ends(jobId)).hasSize(1));
    scenario.stopWorker("worker-b");
  }
}
