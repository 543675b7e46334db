package dev.fresco.worker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.job.JobAssigned;
import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.Priority;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.fake.FakeModel;
import dev.fresco.planning.batching.MemberId;
import dev.fresco.worker.assignment.Position;
import dev.fresco.worker.job.JobRun;
import dev.fresco.worker.job.JobsInHand;
import dev.fresco.worker.job.PreparedJob;
import dev.fresco.worker.recording.RecordingInMaking;
import dev.fresco.worker.source.JobSources;
import dev.fresco.worker.source.LeasedCache;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class DenoisingLoopTest {
  private final FakeModel model = new FakeModel("fake");
  private final LeasedCache<String, AutoCloseable> held = new LeasedCache<>(10, "the.knob");
  private final DenoisingLoop loop =
      new DenoisingLoop(
          new JobsInHand(),
          model.newBatch(),
          new Silent(),
          new LoopMeters(new SimpleMeterRegistry()),
          4,
          Clock.systemUTC());

  private static final class Silent implements LoopListener {
    @Override
    public void started(JobRun run) {}

    @Override
    public void stepped(JobRun run, MemberId shown, int step, Supplier<HostTensor> estimate) {}

    @Override
    public void completed(JobRun run, MemberId member, HostTensor latents) {}

    @Override
    public void recorded(RecordingInMaking recording) {}

    @Override
    public void failed(JobRun run, Exception reason) {}

    @Override
    public void cancelled(JobRun run) {}

    @Override
    public void expired(JobRun run) {}
  }

  private JobRun run(String id, int rows) {
    JobRequest request =
        new JobRequest(
            JobKind.TEXT_TO_IMAGE,
            "fake",
            "a fox",
            "",
            64,
            128,
            3,
            5.0,
            "ddim",
            1,
            1,
            Priority.NORMAL,
            null,
            Map.of());
    Instant now = Instant.EPOCH;
    JobRun run =
        new JobRun(
            new JobAssigned(id, "default", "worker", now, now, request),
            new Position(0, id.hashCode()),
            "worker");
    JobSources sources =
        new JobSources(null, null, List.of(), List.of(), List.of(held.take(id, 1, () -> () -> {})));
    run.prepared(
        new PreparedJob(model.encode(Prompt.of("a fox", "")), null, sources, rows, List.of()));
    return run;
  }

  /** How many of the arrivals still hold something. */
  private long users() {
    held.closeIdle();
    return held.size();
  }

  @Test
  void whatArrivesAtALoopThatEndsIsLetGoOf() {
    loop.arrive(run("taken in", 1));
    loop.stop();
    loop.arrive(run("behind the stop", 1));
    assertThat(users()).isEqualTo(2);
    loop.run();
    assertThat(users()).isZero();
    loop.arrive(run("after the end", 1));
    assertThat(users()).isZero();
  }

  @Test
  void aPictureOfOneRowCountsItsPixelsOnce() {
    assertThat(run("embedded guidance", 1).load()).isEqualTo(64 * 128);
    assertThat(run("classifier-free guidance", 2).load()).isEqualTo(2 * 64 * 128);
  }
}
