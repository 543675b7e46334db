package dev.fresco.engine.batch;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.checkpoint.ControlNetConfig;
import dev.fresco.engine.checkpoint.UNetConfig;
import java.nio.file.Path;
import java.util.List;

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
    same(folder, "channels and resnets of its stages", skips(encoder), skips(unet));
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

  /** What tells the sizes of the skips; a ControlNet may have other transformers than its UNet. */
  private static List<List<Integer>> skips(UNetConfig unet) {
    return unet.stages().down().stream()
        .map(stage -> List.of(stage.channels(), stage.resnets()))
        .toList();
  }

  private static void same(Path folder, String what, Object found, Object expected) {
    if (!found.equals(expected)) {
      throw new EngineException(
          "ControlNet %s is for another model: its %s: %s; the model's: %s"
              .formatted(folder, what, found, expected));
    }
  }
}
