package dev.fresco.engine.finetune;

import dev.fresco.engine.HostTensor;
import dev.fresco.engine.TextStates;
import java.util.List;

/**
 * Pictures that go through the network together.
 *
 * @param noisy {@code [rows, channels, height, width]}
 * @param timesteps of each row
 * @param texts of each row, of as many words each
 * @param target what the network should say, like the noisy latents
 */
record TrainingRows(
    HostTensor noisy, float[] timesteps, List<TextStates> texts, HostTensor target) {
  int count() {
    return timesteps.length;
  }
}
