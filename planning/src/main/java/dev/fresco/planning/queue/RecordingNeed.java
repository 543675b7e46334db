package dev.fresco.planning.queue;

import dev.fresco.contracts.Require;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.LoraUse;
import dev.fresco.contracts.template.RecordingKey;
import dev.fresco.contracts.worker.ModelCard;
import java.util.List;

/**
 * The recording that an edit can use, but for what the worker's model decides: workers may serve a
 * model of one name at different revisions. Other fields as of {@link RecordingKey}.
 *
 * @param guided whether the guidance scale asks for rows for a negative prompt
 */
public record RecordingNeed(
    String templateSha256,
    int width,
    int height,
    String sampler,
    int steps,
    boolean guided,
    List<String> adapters) {
  public RecordingNeed {
    Require.text("templateSha256", templateSha256);
    adapters = List.copyOf(adapters);
  }

  /** Of an edit, or of a job that makes the recording. */
  public static RecordingNeed of(JobRequest edit) {
    return new RecordingNeed(
        edit.start().image().object().sha256(),
        edit.width(),
        edit.height(),
        edit.sampler(),
        edit.steps(),
        edit.guidanceScale() > 1,
        edit.loras().stream().map(RecordingNeed::adapter).toList());
  }

  private static String adapter(LoraUse lora) {
    return lora.file().sha256() + "*" + lora.scale();
  }

  /** Of a model: one whose guidance is told to the network has no rows for a negative prompt. */
  public RecordingKey with(ModelCard model) {
    boolean both = guided && model.abilities().guidance().takesNegativePrompt();
    return new RecordingKey(
        model.revision(), templateSha256, width, height, sampler, steps, both, adapters);
  }
}
