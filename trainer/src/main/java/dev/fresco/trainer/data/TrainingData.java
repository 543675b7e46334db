package dev.fresco.trainer.data;

import dev.fresco.engine.training.DiffusionTransformerShape;
import dev.fresco.engine.training.LanguageModelShape;
import dev.fresco.engine.training.Microbatch;
import dev.fresco.engine.training.ModelShape;
import dev.fresco.trainer.spec.DataSpec;
import dev.fresco.trainer.spec.TrainingSpec;

/**
 * Microbatches that depend on nothing but where they stand in the run, so that stages need not send
 * each other data and a run that is resumed sees what it would have seen.
 */
public interface TrainingData {
  /**
   * @param iteration from 0
   * @param replica from 0
   * @param number from 0
   */
  Microbatch microbatch(long iteration, int replica, int number);

  /**
   * Opens a run's data.
   *
   * @throws IllegalArgumentException if it does not fit the model
   * @throws dev.fresco.engine.EngineException naming the file, if it cannot be read
   */
  static TrainingData of(TrainingSpec spec) {
    ModelShape model = spec.model().shape();
    if (spec.data() instanceof DataSpec.Text text && model instanceof LanguageModelShape shape) {
      return TextData.read(text, spec.seed(), shape);
    }
    if (spec.data() instanceof DataSpec.Latents latents
        && model instanceof DiffusionTransformerShape shape) {
      return LatentData.read(latents, spec.seed(), shape);
    }
    throw new IllegalArgumentException(
        "a model %s cannot be trained on %s".formatted(spec.model(), spec.data()));
  }
}
