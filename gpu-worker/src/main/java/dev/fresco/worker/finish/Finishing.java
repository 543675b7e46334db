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
import dev.fresco.worker.thread.NamedThreads;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;

/** Decodes and stores finished pictures on a thread of its own, and ends their jobs. */
public final class Finishing implements AutoCloseable {
  private final DiffusionModel model;
  private final ResultStore results;
  private final Conclusions conclusions;
  private final Clock clock;
  private final Timer timer;
  private final NamedThreads thread = new NamedThreads("finish", 1);

  public Finishing(
      DiffusionModel model,
      ResultStore results,
      Conclusions conclusions,
      Clock clock,
      MeterRegistry meters) {
    this.model = model;
    this.results = results;
    this.conclusions = conclusions;
    this.clock = clock;
    this.timer = meters.timer("fresco.worker.finish");
  }

  /** Takes a picture whose steps are done; its job ends with its last picture. */
  public void finish(JobRun run, MemberId member, HostTensor latents) {
    thread.execute(() -> timer.record(() -> decode(run, member, latents)));
  }

  private void decode(JobRun run, MemberId member, HostTensor latents) {
    if (run.hasEnded()) {
      return;
    }
    try {
      Picture picture = model.decode(latents);
      PictureSettings settings = run.settings(member.image());
      ImageResult stored = results.store(member, picture, run.request(), settings.seed());
      if (run.stored(stored)) {
        succeed(run);
      }
    } catch (IOException e) {
      conclusions.fail(run, "the picture could not be stored", e);
    } catch (RuntimeException | Error e) {
      conclusions.fail(run, "the picture could not be decoded", e);
    }
  }

  private void succeed(JobRun run) {
    Instant now = clock.instant();
    conclusions.end(
        run,
        new JobEvent.Succeeded(
            run.jobId(), now, run.results(), run.timings(now), run.execution(), run.warnings()));
  }

  @Override
  public void close() {
    thread.close();
  }
}
