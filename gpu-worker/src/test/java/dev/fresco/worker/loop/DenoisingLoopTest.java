package dev.fresco.worker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.job.JobAssigned;
import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.Priority;
import dev.fresco.contracts.template.RecordingKey;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.fake.FakeModel;
import dev.fresco.engine.recording.RecordingFile;
import dev.fresco.planning.batching.BatchLimits;
import dev.fresco.planning.batching.MemberId;
import dev.fresco.platform.recording.RecordingFetch;
import dev.fresco.platform.recording.RecordingFolder;
import dev.fresco.platform.recording.RecordingFormat;
import dev.fresco.worker.assignment.Position;
import dev.fresco.worker.job.JobRun;
import dev.fresco.worker.job.JobsInHand;
import dev.fresco.worker.job.PreparedJob;
import dev.fresco.worker.recording.CacheService;
import dev.fresco.worker.recording.RecordingInMaking;
import dev.fresco.worker.recording.Recordings;
import dev.fresco.worker.source.JobSources;
import dev.fresco.worker.source.LeasedCache;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DenoisingLoopTest {
  @TempDir Path folder;

  private final FakeModel model = new FakeModel("fake");
  private final LeasedCache<String, AutoCloseable> held = new LeasedCache<>(10, "the.knob");
  private final DenoisingLoop loop =
      new DenoisingLoop(
          new JobsInHand(),
          model.newBatch(),
          new Silent(),
          new LoopMeters(new SimpleMeterRegistry()),
          new BatchLimits(4, BatchLimits.Joining.STEP),
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
    run.prepared(
        new PreparedJob(model.encode(Prompt.of("a fox", "")), null, sources(id), rows, List.of()));
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

  /** A recording beside an edit is nobody's job: a worker that is to stop does not wait for it. */
  @Test
  void aWorkerThatStopsGivesRecordingsUp() throws Exception {
    Recordings recordings = recordings();
    final RecordingInMaking first = begin(recordings, 1);
    loop.record(new RecordingRun(first, sources("first"), 1));
    loop.drain();
    final RecordingInMaking second = begin(recordings, 2);
    loop.record(new RecordingRun(second, sources("second"), 1));
    JobRun job = run("job", 1);
    loop.arrive(job);
    loop.stop();
    assertThat(begin(recordings, 1)).as("it is in the making").isNull();
    loop.run();
    assertThat(users()).isZero();
    assertThat(begin(recordings, 1)).as("it is not in the making any more").isNotNull();
    assertThat(begin(recordings, 2)).isNotNull();
    recordings.close();
  }

  private Recordings recordings() {
    RecordingFormat<RecordingFile> format =
        new RecordingFormat<>(RecordingFile::open, RecordingFile::verify);
    RecordingFolder<RecordingFile> recorded =
        new RecordingFolder<>(
            new RecordingFolder.Settings(folder, 1_000_000, "the.knob", 0),
            format,
            Clock.systemUTC());
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    CacheService nobody = new CacheService(URI.create("http://127.0.0.1:1"), Duration.ofSeconds(1));
    return new Recordings(
        recorded,
        new RecordingFetch<>(
            recorded, format, nobody.source(), RecordingFetch.Settings.withoutLimit(), meters),
        nobody,
        false,
        meters);
  }

  private RecordingInMaking begin(Recordings recordings, int steps) {
    RecordingKey key =
        new RecordingKey("fake-1", "0123456789abcdef", 64, 64, "ddim", steps, false, List.of());
    PictureSettings settings = new PictureSettings(64, 64, steps, 1, "ddim", 0);
    return recordings
        .begin(
            key,
            null,
            sink ->
                new PictureRequest(
                    settings, model.encode(Prompt.of("", "")), null, sink, List.of(), List.of()))
        .orElse(null);
  }

  private JobSources sources(String id) {
    return new JobSources(
        null, null, List.of(), List.of(), List.of(held.take(id, 1, () -> () -> {})));
  }

  @Test
  void aPictureOfOneRowCountsItsPixelsOnce() {
    assertThat(run("embedded guidance", 1).load()).isEqualTo(64 * 128);
    assertThat(run("classifier-free guidance", 2).load()).isEqualTo(2 * 64 * 128);
  }
}
