package dev.fresco.worker.edit;

import dev.fresco.contracts.job.JobImage;
import dev.fresco.contracts.template.RecordingKey;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.StartLatents;

/**
 * What an edit asks for, made ready.
 *
 * @param start the template's latents at the edit's strength
 * @param latentMask {@code [height, width]} of the latents, 1 where it paints
 * @param image that is the template
 * @param key of the recording that it could use
 * @param load of a step in full: pixels in each row that a picture has in the network
 * @param ratio share of the pixels that it may change, 0 to 1
 * @param denseBecause why it does not pay or work with a recording, or null if it does
 */
public record EditTask(
    Canvas canvas,
    StartLatents start,
    HostTensor latentMask,
    JobImage image,
    RecordingKey key,
    long load,
    double ratio,
    String denseBecause) {

  /** Of the noise around the mask. */
  long noiseSeed() {
    return TemplateLatents.noiseSeed(image);
  }
}
