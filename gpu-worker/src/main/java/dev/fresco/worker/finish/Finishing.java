package dev.fresco.worker.finish;

import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobEvent.ImageResult;
import dev.fresco.engine.DiffusionModel;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.Picture;
import dev.fresco.engine.PictureSettings;
import dev.fresco.planning.batching.MemberId;
import dev.fresco.worker.assignment.Conclusions;
import dev.fresco.worker.job.JobRun;
import dev.fresco.worker.recording.RecordingInMaking;
import dev.fresco.worker.recording.Recordings;
import dev.fresco.worker.thread.NamedThreads;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** Decodes and stores finished pictures on a thread of its own, and ends their jobs. */
public final class Finishing implements AutoCloseable {
  private final DiffusionModel model;
  private final ResultStore results;
  private final Recordings recordings;
  private final Conclusions conclusions;
  private final Clock clock;
  private final Timer timer;
  private final NamedThreads thread = new NamedThreads("finish", 1);

  public Finishing(
      DiffusionModel model,
      ResultStore results,
      Recordings recordings,
      Conclusions conclusions,
      Clock clock,
      MeterRegistry meters) {
    this.model = model;
    this.results = results;
    this.recordings = recordings;
    this.conclusions = conclusions;
    this.clock = clock;
    this.timer = meters.timer("fresco.worker.finish");
  }

  /** Takes a picture whose steps are done; its job ends with its last picture. */
  public void finish(JobRun run, MemberId member, HostTensor latents) {
    RecordingInMaking recording = run.prepared().recording();
    if (recording == null) {
      thread.execute(() -> timer.record(() -> decode(run, member, latents)));
      return;
    }
    recordings
        .keep(recording)
        .whenComplete(
            (kept, failure) -> {
              if (failure == null) {
                finishRecorded(run);
              } else {
                conclusions.fail(run, "the recording could not be made", failure);
              }
            });
  }

  /** Keeps a recording that was made beside an edit. */
  public void keep(RecordingInMaking recording) {
    recordings.keep(recording);
  }

  /** Ends a job whose recording is there. */
  public void finishRecorded(JobRun run) {
    succeed(run, List.of());
  }

  /** Ends an edit that paints nothing: its pictures are the template. */
  public void finishUntouched(JobRun run, Picture template) {
    for (MemberId member : run.members()) {
      thread.execute(() -> timer.record(() -> store(run, member, () -> template)));
    }
  }

  private void decode(JobRun run, MemberId member, HostTensor latents) {
    store(run, member, () -> run.prepared().finished(model, latents));
  }

  private void store(JobRun run, MemberId member, Supplier<Picture> finished) {
    if (run.hasEnded()) {
      return;
    }
    try {
      Picture picture = finished.get();
      PictureSettings settings = run.settings(member.image());
      ImageResult stored = results.store(member, picture, run.request(), settings.seed());
      if (run.stored(stored)) {
        succeed(run, run.results());
      }
    } catch (IOException e) {
      conclusions.fail(run, "the picture could not be stored", e);
    } catch (RuntimeException | Error e) {
      conclusions.fail(run, "the picture could not be decoded", e);
    }
  }

  private void succeed(JobRun run, List<ImageResult> images) {
    Instant now = clock.instant();
    conclusions.end(
        run,
        new JobEvent.Succeeded(
            run.jobId(), now, images, run.timings(now), run.execution(), run.warnings()));
  }

  @Override
  public void close() {
    thread.close();
  }
}
