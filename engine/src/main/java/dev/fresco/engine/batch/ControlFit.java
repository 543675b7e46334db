package dev.fresco.engine.batch;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.checkpoint.ControlNetConfig;
import dev.fresco.engine.checkpoint.UNetConfig;
import java.nio.file.Path;

/** Whether a ControlNet is one for a UNet. */
final class ControlFit {
  private ControlFit() {}

  /**
   * Its skips must be the UNet's, and it must be asked in the same way.
   *
   * @param factor pixels for each place of the model's latents
   * @throws EngineException naming what does not fit
   */
  static void require(Path folder, ControlNetConfig control, UNetConfig unet, int factor) {
    UNetConfig encoder = control.encoder();
    same(folder, "stages", encoder.stages().down(), unet.stages().down());
    same(
        folder,
        "cross_attention_dim",
        encoder.crossAttention().contextChannels(),
        unet.crossAttention().contextChannels());
    same(folder, "in_channels", encoder.ends().inChannels(), unet.ends().inChannels());
    same(folder, "added conditioning", encoder.added(), unet.added());
    same(
        folder,
        "pixels for a place (conditioning_embedding_out_channels)",
        control.factor(),
        factor);
  }

  private static void same(Path folder, String what, Object found, Object expected) {
    if (!found.equals(expected)) {
      throw new EngineException(
          "ControlNet %s is for another model: its %s: %s; the model's: %s"
              .formatted(folder, what, found, expected));
    }
  }
}
