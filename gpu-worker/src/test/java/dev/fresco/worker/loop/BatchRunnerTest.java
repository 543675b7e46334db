package dev.fresco.worker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.job.JobAssigned;
import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.engine.DenoisingBatch;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.OutOfMemoryException;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.fake.FakeModel;
import dev.fresco.planning.batching.MemberId;
import dev.fresco.planning.batching.StepOutcome;
import dev.fresco.planning.batching.StepPlan;
import dev.fresco.worker.assignment.Position;
import dev.fresco.worker.job.FailureCode;
import dev.fresco.worker.job.JobRun;
import dev.fresco.worker.job.PreparedJob;
import dev.fresco.worker.source.JobSources;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchRunnerTest {
  private final FakeModel model = new FakeModel("fake");
  private final Map<String, JobRun> runs = new HashMap<>();

  /** A batch for which only so many members at once find memory. */
  private static final class NarrowBatch implements DenoisingBatch<MemberId> {
    private final DenoisingBatch<MemberId> batch;
    private final int room;
    final List<Integer> sizes = new ArrayList<>();

    NarrowBatch(DenoisingBatch<MemberId> batch, int room) {
      this.batch = batch;
      this.room = room;
    }

    @Override
    public void step(Collection<MemberId> members) {
      sizes.add(members.size());
      if (members.size() > room) {
        throw new OutOfMemoryException("no memory for " + members.size(), null);
      }
      batch.step(members);
    }

    @Override
    public void join(MemberId member, PictureRequest request) {
      batch.join(member, request);
    }

    @Override
    public int stepsDone(MemberId member) {
      return batch.stepsDone(member);
    }

    @Override
    public int stepsTotal(MemberId member) {
      return batch.stepsTotal(member);
    }

    @Override
    public HostTensor latents(MemberId member) {
      return batch.latents(member);
    }

    @Override
    public HostTensor estimate(MemberId member) {
      return batch.estimate(member);
    }

    @Override
    public void leave(MemberId member) {
      batch.leave(member);
    }

    @Override
    public void close() {
      batch.close();
    }
  }

  /** Jobs of one picture each, all of which join in the next step. */
  private StepPlan plan(int jobs) {
    List<MemberId> members = IntStream.range(0, jobs).mapToObj(this::member).toList();
    return new StepPlan(members, members);
  }

  private MemberId member(int number) {
    String id = "job_" + number;
    JobRequest request =
        new JobRequest(
            JobKind.TEXT_TO_IMAGE,
            "fake",
            "a fox",
            "",
            64,
            64,
            5,
            5.0,
            "ddim",
            number,
            1,
            null,
            null,
            null);
    Instant now = Instant.EPOCH;
    JobRun run =
        new JobRun(new JobAssigned(id, "t", "w", now, now, request), new Position(0, number), "w");
    run.prepared(
        new PreparedJob(model.encode(Prompt.of("a fox", "")), null, JobSources.NONE, List.of()));
    runs.put(id, run);
    return run.members().get(0);
  }

  private StepOutcome run(NarrowBatch batch, StepPlan plan) {
    return new BatchRunner(batch).run(plan, member -> runs.get(member.jobId()));
  }

  @Test
  void wantOfMemoryHalvesTheBatch() {
    NarrowBatch batch = new NarrowBatch(model.newBatch(), 3);
    StepPlan plan = plan(8);
    StepOutcome outcome = run(batch, plan);
    assertThat(outcome.failed()).isEmpty();
    assertThat(outcome.advanced()).containsExactlyElementsOf(plan.stepping());
    assertThat(batch.sizes).containsExactly(8, 4, 2, 2, 4, 2, 2);
    assertThat(outcome.totals().values()).containsOnly(5).hasSize(8);
  }

  @Test
  void whatDoesNotFitAloneFails() {
    NarrowBatch batch = new NarrowBatch(model.newBatch(), 0);
    StepPlan plan = plan(2);
    StepOutcome outcome = run(batch, plan);
    assertThat(outcome.advanced()).isEmpty();
    assertThat(outcome.failed().keySet()).containsExactlyInAnyOrderElementsOf(plan.stepping());
    assertThat(outcome.failed().values())
        .allSatisfy(
            failure -> {
              assertThat(FailureCode.of(failure)).isEqualTo(ErrorCode.OUT_OF_MEMORY);
              assertThat(failure).hasMessage("no memory for 1");
            });
  }
}
