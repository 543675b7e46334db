package dev.fresco.engine.batch;

import dev.fresco.engine.Conditioning;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.TextStates;
import dev.fresco.engine.checkpoint.UNetConfig;
import java.util.Arrays;

/** Whether a request is one that a UNet can paint, so that it cannot spoil a step of others. */
final class RequestFit {
  private RequestFit() {}

  /**
   * @param factor pixels for each place of the model's latents
   * @throws EngineException naming what does not fit
   */
  static void require(PictureRequest request, UNetConfig unet, int factor) {
    PictureSettings settings = request.settings();
    requireSize("width", settings.width(), factor);
    requireSize("height", settings.height(), factor);
    Conditioning prompts = request.conditioning();
    requireText("prompt", prompts.positive(), unet);
    if (settings.guided()) {
      requireText("negative prompt", prompts.negative(), unet);
      requireSameLength(prompts);
    }
  }

  private static void requireSize(String name, int pixels, int factor) {
    if (pixels % factor != 0) {
      throw new EngineException(
          "%s is %d; this model paints multiples of %d".formatted(name, pixels, factor));
    }
  }

  private static void requireText(String name, TextStates text, UNetConfig unet) {
    int channels = unet.crossAttention().contextChannels();
    long[] shape = text == null ? new long[0] : text.states().shape();
    if (shape.length != 2 || shape[1] != channels) {
      throw new EngineException(
          "the encoded %s is %s; this model takes [words, %d]"
              .formatted(name, Arrays.toString(shape), channels));
    }
    int pooled = text.pooled() == null ? 0 : text.pooled().data().length;
    if (pooled != unet.added().textChannels()) {
      throw new EngineException(
          "the encoded %s as a whole has %d channels; this model takes %d"
              .formatted(name, pooled, unet.added().textChannels()));
    }
  }

  private static void requireSameLength(Conditioning prompts) {
    long words = prompts.positive().states().shape()[0];
    long negative = prompts.negative().states().shape()[0];
    if (words != negative) {
      throw new EngineException(
          "the encoded prompt has %d words, the negative one %d; they must be as many"
              .formatted(words, negative));
    }
  }
}
