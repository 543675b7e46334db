package dev.fresco.worker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.job.JobAssigned;
import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.Priority;
import dev.fresco.engine.AddressSpace;
import dev.fresco.engine.DenoisingBatch;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.OutOfMemoryException;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.batch.ModelSettings;
import dev.fresco.planning.batching.BatchLimits;
import dev.fresco.planning.batching.BatchSchedule;
import dev.fresco.planning.batching.MemberId;
import dev.fresco.planning.batching.StepOutcome;
import dev.fresco.planning.batching.StepPlan;
import dev.fresco.worker.assignment.Position;
import dev.fresco.worker.job.JobRun;
import dev.fresco.worker.job.PreparedJob;
import dev.fresco.worker.source.JobSources;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A process of its own that paints eight pictures and one that is far too large, in so little
 * memory that the eight do not fit one step. {@link BatchInLittleMemoryTest} starts it.
 */
final class BatchInLittleMemory {
  private static final long GROWTH = 10L << 20;
  private static final int STEPS = 2;
  private static final int PICTURES = 8;
  private static final int SIDE = 16;
  private static final int LARGE_SIDE = 56;
  private static final MemberId LARGE = new MemberId("large", 0);

  private final LocalModel model;
  private final Map<String, JobRun> runs = new LinkedHashMap<>();

  private BatchInLittleMemory(LocalModel model) {
    this.model = model;
    for (int i = 0; i < PICTURES; i++) {
      add("small" + i, SIDE, i);
    }
    add(LARGE.jobId(), LARGE_SIDE, 99);
  }

  public static void main(String[] arguments) {
    ModelSettings settings = new ModelSettings("cpu", "fp32", 150, 1024);
    try (LocalModel model = LocalModel.load(Path.of(arguments[0]), settings)) {
      new BatchInLittleMemory(model).run();
    }
  }

  private void add(String id, int side, int seed) {
    int pixels = side * model.card().sizeMultiple();
    JobRequest request =
        new JobRequest(
            JobKind.TEXT_TO_IMAGE,
            model.card().id(),
            "a cat",
            "",
            pixels,
            pixels,
            STEPS,
            5.0,
            "euler",
            seed,
            1,
            Priority.NORMAL,
            null,
            Map.of());
    Instant now = Instant.EPOCH;
    JobAssigned assigned = new JobAssigned(id, "default", "worker", now, now, request);
    JobRun run = new JobRun(assigned, new Position(0, seed), "worker");
    run.prepared(
        new PreparedJob(model.encode(Prompt.of("a cat", "")), null, JobSources.NONE, 2, List.of()));
    runs.put(id, run);
  }

  private static MemberId small(int index) {
    return new MemberId("small" + index, 0);
  }

  private static List<MemberId> smalls(int count) {
    return IntStream.range(0, count).mapToObj(BatchInLittleMemory::small).toList();
  }

  private void join(DenoisingBatch<MemberId> batch, MemberId member) {
    batch.join(member, runs.get(member.jobId()).picture(0));
  }

  /**
   * Steps of all sizes to come run before: oneDNN keeps the code that it makes for each, and does
   * not survive it if there is no memory for the code.
   */
  private Map<MemberId, HostTensor> paintUndisturbed() {
    Map<MemberId, HostTensor> latents = new HashMap<>();
    try (DenoisingBatch<MemberId> batch = model.newBatch()) {
      join(batch, LARGE);
      batch.step(List.of(LARGE));
      batch.leave(LARGE);
      for (int count = 1; count < PICTURES; count *= 2) {
        smalls(count).forEach(member -> join(batch, member));
        batch.step(smalls(count));
        smalls(count).forEach(batch::leave);
      }
      smalls(PICTURES).forEach(member -> join(batch, member));
      for (int step = 0; step < STEPS; step++) {
        batch.step(smalls(PICTURES));
      }
      smalls(PICTURES).forEach(member -> latents.put(member, batch.latents(member)));
    }
    return latents;
  }

  private void run() {
    Map<MemberId, HostTensor> expected = paintUndisturbed();
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (DenoisingBatch<MemberId> batch = model.newBatch()) {
      BatchRunner runner =
          new BatchRunner(batch, new LoopMeters(meters), member -> runs.get(member.jobId()));
      AddressSpace.limitGrowthTo(GROWTH);
      assertThat(paint(runner, batch, smalls(PICTURES), expected)).isEmpty();
      double refused = meters.get("fresco.worker.out.of.memory").counter().count();
      Map<MemberId, Exception> failed = paint(runner, batch, List.of(LARGE), expected);
      AddressSpace.unlimit();
      assertThat(refused).as("attempts that did not fit").isPositive();
      assertThat(expected).as("pictures that were not painted").isEmpty();
      assertThat(failed).containsOnlyKeys(LARGE);
      assertThat(failed.get(LARGE)).isInstanceOf(OutOfMemoryException.class);
    }
    System.out.println("eight pictures are as they would be with more memory");
  }

  private static Map<MemberId, Exception> paint(
      BatchRunner runner,
      DenoisingBatch<MemberId> batch,
      List<MemberId> members,
      Map<MemberId, HostTensor> expected) {
    BatchSchedule schedule = BatchSchedule.empty();
    for (MemberId member : members) {
      schedule = schedule.arrive(member, STEPS);
    }
    Map<MemberId, Exception> failed = new HashMap<>();
    while (!schedule.isIdle()) {
      StepPlan plan = runner.plan(schedule, new BatchLimits(PICTURES, BatchLimits.Joining.STEP));
      StepOutcome outcome = runner.run(plan);
      failed.putAll(outcome.failed());
      schedule.completedBy(outcome).forEach(member -> take(batch, member, expected));
      schedule = schedule.apply(plan, outcome);
    }
    return failed;
  }

  private static void take(
      DenoisingBatch<MemberId> batch, MemberId member, Map<MemberId, HostTensor> expected) {
    float[] wanted = expected.remove(member).data();
    float[] got = batch.latents(member).data();
    for (int i = 0; i < wanted.length; i++) {
      assertThat((double) Math.abs(got[i] - wanted[i])).isLessThan(1e-3);
    }
    batch.leave(member);
  }
}
