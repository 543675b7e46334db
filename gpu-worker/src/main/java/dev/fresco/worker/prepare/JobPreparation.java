package dev.fresco.worker.prepare;

import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.LongPrompts;
import dev.fresco.contracts.job.PromptOptions;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.DiffusionModel;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.StartLatents;
import dev.fresco.worker.edit.EditExecution;
import dev.fresco.worker.job.GuidedRows;
import dev.fresco.worker.job.PreparedJob;
import dev.fresco.worker.source.JobSources;
import java.util.List;

/** Makes what the engine needs out of a request and what was fetched for it. */
public final class JobPreparation {
  private final DiffusionModel model;

  public JobPreparation(DiffusionModel model) {
    this.model = model;
  }

  /** A job that paints all of its pictures. */
  PreparedJob prepared(JobRequest request, JobSources fetched) {
    Conditioning conditioning = conditioning(request, fetched);
    StartLatents start =
        request.kind() == JobKind.IMAGE_TO_IMAGE
            ? model.encodePicture(fetched.start(), request.start().strength())
            : null;
    return new PreparedJob(
        conditioning, start, null, null, fetched, rows(request), warnings(conditioning));
  }

  /** A job that paints a part of its template. */
  PreparedJob prepared(JobRequest request, JobSources fetched, EditExecution edit) {
    Conditioning conditioning = conditioning(request, fetched);
    return new PreparedJob(
        conditioning, null, edit, null, fetched, rows(request), warnings(conditioning));
  }

  private Conditioning conditioning(JobRequest request, JobSources fetched) {
    return model.encode(prompt(request), fetched.adapters());
  }

  /** Rows of the network that a picture takes. */
  int rows(JobRequest request) {
    return GuidedRows.of(model.card(), request.guidanceScale());
  }

  private static Prompt prompt(JobRequest request) {
    PromptOptions options = request.promptOptions();
    return new Prompt(
        request.prompt(),
        request.negativePrompt(),
        options.second(),
        options.secondNegative(),
        options.clipSkip(),
        options.longPrompts() == LongPrompts.CUT ? Prompt.LongPrompt.CUT : Prompt.LongPrompt.CHUNK);
  }

  private List<String> warnings(Conditioning conditioning) {
    return conditioning.truncated()
        ? List.of(
            "a prompt is longer than the %d tokens that the text encoder reads; its end was cut"
                .formatted(model.card().maxPromptTokens()))
        : List.of();
  }
}
