package dev.fresco.worker.loop;

import dev.fresco.engine.HostTensor;
import dev.fresco.planning.batching.MemberId;
import dev.fresco.worker.job.JobRun;
import dev.fresco.worker.recording.RecordingInMaking;
import java.util.function.Supplier;

/**
 * What the loop tells the rest of the worker. It is called on the loop's thread between two steps,
 * so it hands work over and returns.
 */
public interface LoopListener {
  /** A job's first picture takes its first step. */
  void started(JobRun run);

  /**
   * Pictures of a job took a step.
   *
   * @param shown the picture to preview
   * @param estimate copies that picture's estimate of its finished latents, {@code [channels,
   *     height, width]}; to be called before this returns, or not at all
   */
  void stepped(JobRun run, MemberId shown, int step, Supplier<HostTensor> estimate);

  /** A picture has all its steps. */
  void completed(JobRun run, MemberId member, HostTensor latents);

  /** A run that was recorded beside an edit has all its steps. */
  void recorded(RecordingInMaking recording);

  /** A picture of a job failed, and so its job. */
  void failed(JobRun run, Exception reason);

  /** A job was cancelled while it was in hand. */
  void cancelled(JobRun run);

  /** A job's deadline passed before its first step. */
  void expired(JobRun run);
}
