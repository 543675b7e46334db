package dev.fresco.worker.loop;

import dev.fresco.contracts.job.JobEvent;
import dev.fresco.engine.HostTensor;
import dev.fresco.planning.batching.MemberId;
import dev.fresco.worker.assignment.Conclusions;
import dev.fresco.worker.finish.Finishing;
import dev.fresco.worker.health.EngineHealth;
import dev.fresco.worker.job.JobRun;
import dev.fresco.worker.progress.Progress;
import dev.fresco.worker.recording.RecordingInMaking;
import java.time.Clock;
import java.util.function.Supplier;

/** Hands what happens in the loop to those who tell, finish and end. */
public final class LoopOutcomes implements LoopListener {
  private final Progress progress;
  private final Finishing finishing;
  private final Conclusions conclusions;
  private final EngineHealth engine;
  private final Clock clock;

  public LoopOutcomes(
      Progress progress,
      Finishing finishing,
      Conclusions conclusions,
      EngineHealth engine,
      Clock clock) {
    this.progress = progress;
    this.finishing = finishing;
    this.conclusions = conclusions;
    this.engine = engine;
    this.clock = clock;
  }

  @Override
  public void started(JobRun run) {
    progress.started(run);
  }

  @Override
  public void stepped(JobRun run, MemberId shown, int step, Supplier<HostTensor> estimate) {
    engine.worked();
    progress.stepped(run, shown, step, estimate);
  }

  @Override
  public void completed(JobRun run, MemberId member, HostTensor latents) {
    finishing.finish(run, member, latents);
  }

  @Override
  public void recorded(RecordingInMaking recording) {
    finishing.keep(recording);
  }

  @Override
  public void failed(JobRun run, Exception reason) {
    conclusions.failClaimed(run, "a denoising step failed", reason);
  }

  @Override
  public void cancelled(JobRun run) {
    conclusions.conclude(
        run, new JobEvent.Cancelled(run.jobId(), clock.instant(), run.stepsDone()));
  }

  @Override
  public void expired(JobRun run) {
    conclusions.conclude(run, new JobEvent.Expired(run.jobId(), clock.instant()));
  }
}
