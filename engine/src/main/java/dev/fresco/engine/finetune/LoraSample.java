package dev.fresco.engine.finetune;

import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.engine.Adapter;
import dev.fresco.engine.AdapterUse;
import dev.fresco.engine.Picture;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.batch.ModelBatch;
import java.nio.file.Path;
import java.util.List;

/** Shows what a LoRA makes of a model. */
public final class LoraSample {
  private LoraSample() {}

  /**
   * Paints a picture as the model does where a request leaves everything to it.
   *
   * @param lora file that fits the model
   * @param scale of the LoRA; 0 shows the model without it
   * @param prompt what to paint
   * @param seed of the noise
   * @throws dev.fresco.engine.EngineException if the LoRA does not fit
   */
  public static Picture paint(LocalModel model, Path lora, double scale, String prompt, long seed) {
    ModelCard card = model.card();
    PictureSettings settings =
        new PictureSettings(
            card.defaultWidth(),
            card.defaultHeight(),
            Math.min(card.defaultSteps(), card.maxSteps()),
            card.defaultGuidanceScale(),
            card.defaultSampler(),
            seed);
    try (Adapter adapter = model.loadAdapter(lora);
        ModelBatch<String> batch = model.newBatch()) {
      batch.join(
          prompt,
          new PictureRequest(
              settings,
              model.encode(Prompt.of(prompt, "")),
              null,
              List.of(new AdapterUse(adapter, scale)),
              List.of()));
      while (batch.stepsDone(prompt) < settings.steps()) {
        batch.step(List.of(prompt));
      }
      return model.decode(batch.latents(prompt));
    }
  }
}
