package dev.fresco.engine.unet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.checkpoint.UNetConfig;
import dev.fresco.engine.checkpoint.UNetConfig.AddedConditioning;
import dev.fresco.engine.checkpoint.UNetConfig.Time;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.checkpoint.WeightShapes;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelWeights;
import java.util.Optional;

/**
 * diffusers' {@code Timesteps} and {@code TimestepEmbedding}, for another timestep in each row, and
 * what SDXL adds to them ({@code add_embedding}).
 */
final class TimeEmbedding {
  private static final String NAME = "time_embedding";
  private static final String ADDED = "add_embedding";

  private final Kernel kernel;
  private final KernelWeights weights;
  private final Time time;
  private final AddedConditioning added;
  private final Optional<KernelWeights> addedWeights;

  TimeEmbedding(WeightSet weights, UNetConfig config) {
    this.kernel = weights.kernel("timestep");
    this.time = config.time();
    this.added = config.added();
    this.weights = weights.part(NAME, projection(time.waves()));
    this.addedWeights =
        added.isThere()
            ? Optional.of(
                weights.part(
                    ADDED,
                    projection(AddedConditioning.SIZES * added.waves() + added.textChannels())))
            : Optional.empty();
  }

  private WeightShapes projection(int in) {
    return new WeightShapes()
        .linear("linear_1", in, time.channels())
        .linear("linear_2", time.channels(), time.channels());
  }

  /**
   * @param timesteps fp32 {@code [rows]}
   * @param rows how many of each group
   * @return {@code [rows, time channels]}
   */
  NDArray forward(NDManager scope, NDArray timesteps, long[] rows, AdapterTerms terms) {
    return kernel
        .call("forward")
        .tensor(timesteps)
        .weights(weights)
        .integer(time.waves())
        .flag(time.cosineFirst())
        .decimal(time.shift())
        .integers(rows)
        .adapters(NAME + ".", terms)
        .run(scope);
  }

  /**
   * What is added to every step's embedding of a row.
   *
   * @param sizes fp32 {@code [rows, 6]}, pixels
   * @param text fp32 {@code [rows, text channels]}
   * @param rows how many of each group
   * @return {@code [rows, time channels]}
   */
  NDArray added(NDManager scope, NDArray sizes, NDArray text, long[] rows, AdapterTerms terms) {
    return kernel
        .call("added")
        .tensor(sizes)
        .tensor(text)
        .weights(addedWeights.orElseThrow())
        .integer(added.waves())
        .flag(time.cosineFirst())
        .decimal(time.shift())
        .integers(rows)
        .adapters(ADDED + ".", terms)
        .run(scope);
  }

  /** The embedding as resnets take it: with what is added, after SiLU. */
  NDArray activated(NDManager scope, NDArray embedding, Optional<NDArray> more) {
    return more.map(
            there -> kernel.call("activated_sum").tensor(embedding).tensor(there).run(scope))
        .orElseGet(() -> kernel.call("activated").tensor(embedding).run(scope));
  }
}
