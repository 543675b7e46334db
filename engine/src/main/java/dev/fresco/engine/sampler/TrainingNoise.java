package dev.fresco.engine.sampler;

import dev.fresco.engine.EngineException;

/**
 * How a diffusion model is trained: the noise of each timestep, and what the network says of it.
 */
public final class TrainingNoise {
  private final NoiseTable table;
  private final Prediction prediction;

  private TrainingNoise(NoiseTable table, Prediction prediction) {
    this.table = table;
    this.prediction = prediction;
  }

  /**
   * Both as shares of the clean latents (signal) and the noise.
   *
   * @param sample what the network sees
   * @param target what it should say
   */
  public record Level(NoiseLevel sample, NoiseLevel target) {}

  /**
   * @throws EngineException if the config is of a flow model, or makes no sense
   */
  public static TrainingNoise of(SchedulerConfig config) {
    if (config.ofFlowModel()) {
      throw new EngineException(
          "scheduler config %s: is of a flow model (%s), which cannot be fine-tuned here"
              .formatted(config.source(), config.className()));
    }
    return new TrainingNoise(
        NoiseTable.of(config), config.choice("prediction_type", Prediction.EPSILON));
  }

  /** Timesteps go from 0 to below this. */
  public int timesteps() {
    return table.trainingSteps();
  }

  public Level at(int timestep) {
    NoiseLevel sample = NoiseLevel.ofAlphaCumprod(table.alphaCumprod(timestep));
    return new Level(sample, prediction.target(sample));
  }
}
