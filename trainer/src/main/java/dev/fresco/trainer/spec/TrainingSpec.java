package dev.fresco.trainer.spec;

import dev.fresco.contracts.Require;

/**
 * All that a training run's numbers depend on: two runs of equal specifications have equal losses,
 * but for the last bits, which depend on the order of weight gradients.
 *
 * @param seed of the first weights and of the data's order
 * @param iterations of the whole run, at least 1
 */
public record TrainingSpec(
    ModelSpec model,
    DataSpec data,
    PipelineSpec pipeline,
    OptimiserSpec optimiser,
    long seed,
    long iterations) {
  public TrainingSpec {
    Require.present("model", model);
    Require.present("data", data);
    Require.present("pipeline", pipeline);
    Require.present("optimiser", optimiser);
    if (iterations < 1) {
      throw new IllegalArgumentException("iterations is " + iterations + "; the least is 1");
    }
    int pieces = pipeline.chunks().pieces();
    if (pieces > model.shape().layers()) {
      throw new IllegalArgumentException(
          "stages: %d with %d chunks each need a model of %d blocks; it has %d"
              .formatted(
                  pipeline.chunks().stages(),
                  pipeline.chunks().perStage(),
                  pieces,
                  model.shape().layers()));
    }
  }
}
