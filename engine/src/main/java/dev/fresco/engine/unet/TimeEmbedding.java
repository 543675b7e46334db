package dev.fresco.engine.unet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.checkpoint.UNetConfig.Time;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.checkpoint.WeightShapes;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelWeights;

/** diffusers' {@code Timesteps} and {@code TimestepEmbedding}, for another timestep in each row. */
final class TimeEmbedding {
  private final Kernel kernel;
  private final KernelWeights weights;
  private final Time time;

  TimeEmbedding(WeightSet weights, Time time) {
    this.kernel = weights.kernel("timestep");
    this.weights =
        weights.part(
            "time_embedding",
            new WeightShapes()
                .linear("linear_1", time.waves(), time.channels())
                .linear("linear_2", time.channels(), time.channels()));
    this.time = time;
  }

  /**
   * @param timesteps fp32 {@code [batch]}
   * @return {@code [batch, time channels]}
   */
  NDArray forward(NDManager scope, NDArray timesteps) {
    return kernel
        .call("forward")
        .tensor(timesteps)
        .weights(weights)
        .integer(time.waves())
        .flag(time.cosineFirst())
        .decimal(time.shift())
        .run(scope);
  }
}
