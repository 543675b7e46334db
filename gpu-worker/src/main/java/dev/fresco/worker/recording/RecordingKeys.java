package dev.fresco.worker.recording;

import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.template.RecordingKey;
import dev.fresco.contracts.worker.ModelCard;

/** Which recording a job could use, or makes. */
public final class RecordingKeys {
  private RecordingKeys() {}

  /**
   * @param guided whether the network runs on the negative prompt as well
   */
  public static RecordingKey of(ModelCard card, JobRequest request, boolean guided) {
    return new RecordingKey(
        card.revision(),
        request.start().image().object().sha256(),
        request.width(),
        request.height(),
        request.sampler(),
        request.steps(),
        guided,
        request.loras().stream().map(lora -> lora.file().sha256() + "*" + lora.scale()).toList());
  }
}
