package dev.fresco.worker.loop;

import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.planning.batching.MemberId;
import dev.fresco.planning.cost.StepWork;
import dev.fresco.worker.job.BatchRun;
import dev.fresco.worker.recording.RecordingInMaking;
import dev.fresco.worker.source.JobSources;
import java.util.List;

/**
 * The run of a template that is recorded beside an edit. It is nobody's job: no event tells of it,
 * and a worker that stops gives it up.
 */
public final class RecordingRun implements BatchRun {
  private final RecordingInMaking making;
  private final JobSources sources;
  private final int rows;
  private volatile int steps;

  /**
   * @param sources held until it has left the batch
   * @param rows of the network that it takes
   */
  public RecordingRun(RecordingInMaking making, JobSources sources, int rows) {
    this.making = making;
    this.sources = sources;
    this.rows = rows;
    this.steps = making.request().settings().steps();
  }

  RecordingInMaking making() {
    return making;
  }

  /** The recording's id. */
  @Override
  public String jobId() {
    return making.key().id();
  }

  @Override
  public List<MemberId> members() {
    return List.of(new MemberId(jobId(), 0));
  }

  @Override
  public PictureRequest picture(int image) {
    return making.request();
  }

  @Override
  public long load() {
    PictureSettings settings = making.request().settings();
    return rows * (long) settings.width() * settings.height();
  }

  /** To write a recording takes about as long as to read it. */
  @Override
  public StepWork worked(int pictures) {
    return new StepWork(load(), load());
  }

  @Override
  public int stepsPerPicture() {
    return steps;
  }

  @Override
  public void counted(int counted) {
    steps = counted;
  }

  @Override
  public boolean hasEnded() {
    return making.hasFailed();
  }

  @Override
  public void release() {
    making.abandon();
    sources.close();
  }
}
