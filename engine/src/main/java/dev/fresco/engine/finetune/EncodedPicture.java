package dev.fresco.engine.finetune;

import dev.fresco.engine.HostTensor;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.TextStates;

/**
 * A captioned picture as the denoising network meets it.
 *
 * @param latents in the network's scale
 * @param text of the caption
 */
record EncodedPicture(StartLatents latents, TextStates text) {
  /** Of Java memory. */
  long bytes() {
    long numbers = latents.mean().data().length + (long) text.states().data().length;
    return Float.BYTES * (latents.deviation() == null ? numbers : 2 * numbers);
  }

  /** Clean latents: the mean, or a draw where the autoencoder gives a distribution. */
  float[] clean(HostTensor noise) {
    float[] clean = latents.mean().data().clone();
    if (latents.deviation() != null) {
      for (int i = 0; i < clean.length; i++) {
        clean[i] += latents.deviation().data()[i] * noise.data()[i];
      }
    }
    return clean;
  }
}
