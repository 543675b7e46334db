package dev.fresco.worker.edit;

import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.template.RecordingKey;
import dev.fresco.engine.DiffusionModel;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.StartLatents;
import dev.fresco.worker.config.EditSettings;
import dev.fresco.worker.edit.EditExecution.BesideRun;
import dev.fresco.worker.job.GuidedRows;
import dev.fresco.worker.recording.Recordings;
import dev.fresco.worker.recording.Recordings.Fetch;
import dev.fresco.worker.source.JobSources;
import java.util.concurrent.CompletableFuture;
import java.util.function.DoubleSupplier;

/** Makes edits, and the runs that record their templates, out of what was fetched for them. */
public final class EditPreparation {
  private final DiffusionModel model;
  private final TemplateLatents templates;
  private final EditSettings settings;
  private final EditDecoder decoder;
  private final DoubleSupplier breakEven;
  private final LoadingCosts loading;

  /**
   * @param breakEven share of the picture from which on, at the moment, an edit is faster dense
   */
  public EditPreparation(
      DiffusionModel model,
      TemplateLatents templates,
      EditSettings settings,
      DoubleSupplier breakEven,
      LoadingCosts loading) {
    this.model = model;
    this.templates = templates;
    this.settings = settings;
    this.decoder = new EditDecoder(model, templates);
    this.breakEven = breakEven;
    this.loading = loading;
  }

  /**
   * An edit.
   *
   * @param key of the recording that it could use
   * @param denseBecause what {@link #denseBecause} said when the job came
   */
  public EditTask edit(
      JobRequest request, JobSources fetched, RecordingKey key, String denseBecause) {
    StartLatents start =
        templates.of(request.start().image(), fetched.start(), request.start().strength());
    int height = (int) start.mean().shape()[1];
    int width = (int) start.mean().shape()[2];
    return new EditTask(
        canvas(fetched),
        start,
        LatentMask.of(fetched.mask(), height, width, settings.margin()),
        request.start().image(),
        key,
        GuidedRows.pixels(model.card(), request.guidanceScale(), request.width(), request.height()),
        request.mask().ratio(),
        denseBecause);
  }

  /**
   * How an edit runs.
   *
   * @param fetch of the recording, which may be under way
   * @param beside is asked for a recording when there is none
   */
  public EditExecution execution(
      EditTask task, Recordings recordings, CompletableFuture<Fetch> fetch, BesideRun beside) {
    return new EditExecution(task, recordings, fetch, beside, decoder, loading);
  }

  /** What an edit's pictures are put into. */
  private Canvas canvas(JobSources fetched) {
    return new Canvas(fetched.start(), fetched.mask(), settings.feather());
  }

  /** Why a job is better off without a recording, or null; the limit moves with what steps cost. */
  public String denseBecause(JobRequest request) {
    if (!request.controlnets().isEmpty()) {
      return "a recording knows nothing of ControlNets";
    }
    double ratio = request.mask().ratio();
    double limit = breakEven.getAsDouble();
    return ratio < limit
        ? null
        : "its mask covers %.3f of the picture; from %.3f (fresco.worker.edit.break-even) on, to compute all is faster"
            .formatted(ratio, limit);
  }

  /** The run that records a job's template with the job's settings. */
  public TemplateRun recording(JobRequest request, JobSources fetched) {
    long seed = TemplateLatents.noiseSeed(request.start().image());
    PictureSettings whole =
        new PictureSettings(
            request.width(),
            request.height(),
            request.steps(),
            request.guidanceScale(),
            request.sampler(),
            seed);
    return new TemplateRun(
        whole,
        model.encode(Prompt.of(request.prompt(), request.negativePrompt()), fetched.adapters()),
        templates.of(request.start().image(), fetched.start(), 1).mean(),
        seed,
        fetched.adapters());
  }
}
