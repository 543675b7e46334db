package dev.fresco.planning.queue;

import dev.fresco.contracts.Require;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.LoraUse;
import dev.fresco.contracts.template.RecordingKey;
import java.util.List;

/**
 * The recording that an edit can use, but for the checkpoint: workers may serve a model of one name
 * at different revisions. Fields as of {@link RecordingKey}.
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

  /** Of an edit. */
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

  /** Of a checkpoint. */
  public RecordingKey at(String modelRevision) {
    return new RecordingKey(
        modelRevision, templateSha256, width, height, sampler, steps, guided, adapters);
  }
}
