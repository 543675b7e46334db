package dev.fresco.engine.unet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.block.EntryConvolution;
import dev.fresco.engine.block.ExitConvolution;
import dev.fresco.engine.checkpoint.Component;
import dev.fresco.engine.checkpoint.KeyNames;
import dev.fresco.engine.checkpoint.UNetConfig;
import dev.fresco.engine.checkpoint.UNetConfig.Stage;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import java.util.ArrayList;
import java.util.List;

/**
 * The denoising network of Stable Diffusion 1 and 2; diffusers' {@code UNet2DConditionModel}. Rows
 * of a batch do not touch each other, and each has its own timestep. Holds no state between calls;
 * threads may share it.
 */
public final class UNet implements AutoCloseable {
  private final UNetConfig config;
  private final WeightSet weights;
  private final TimeEmbedding timeEmbedding;
  private final EntryConvolution entry;
  private final List<DownStage> down = new ArrayList<>();
  private final MiddleStage middle;
  private final List<UpStage> up = new ArrayList<>();
  private final ExitConvolution exit;

  private UNet(UNetConfig config, WeightSet weights) {
    this.config = config;
    this.weights = weights;
    UNetConfig.Ends ends = config.ends();
    List<Stage> stages = config.stages().down();
    int channels = stages.get(0).channels();
    timeEmbedding = new TimeEmbedding(weights, config.time());
    entry = new EntryConvolution(weights, "conv_in", ends.inChannels(), channels, ends.inKernel());
    for (int i = 0; i < stages.size(); i++) {
      boolean last = i == stages.size() - 1;
      down.add(new DownStage(weights, "down_blocks." + i, config, stages.get(i), channels, last));
      channels = stages.get(i).channels();
    }
    middle = new MiddleStage(weights, config);
    for (int i = 0; i < stages.size(); i++) {
      up.add(new UpStage(weights, config, i));
    }
    exit =
        new ExitConvolution(
            weights,
            "",
            stages.get(0).channels(),
            ends.outChannels(),
            ends.outKernel(),
            config.norm());
  }

  /**
   * Loads a checkpoint's UNet.
   *
   * @throws dev.fresco.engine.EngineException naming what is wrong with the folder and where
   */
  public static UNet load(Component component, KernelLibrary kernels, ComputeType computeType) {
    UNetConfig config = UNetConfig.read(component.configOf("UNet2DConditionModel"));
    return WeightSet.load(
        component.weights(),
        KeyNames.AS_STORED,
        kernels,
        computeType,
        weights -> new UNet(config, weights));
  }

  public UNetConfig config() {
    return config;
  }

  /**
   * Predicts, without regard to whether the prediction is noise or velocity.
   *
   * @param scope the manager that the result attaches to
   * @param sample fp32 {@code [batch, in channels, height, width]}
   * @param timesteps fp32 {@code [batch]}
   * @param context fp32 {@code [batch, words, context channels]}
   * @return fp32 {@code [batch, out channels, height, width]}
   */
  public NDArray forward(NDManager scope, NDArray sample, NDArray timesteps, NDArray context) {
    return forward(scope, sample, timesteps, context, LayerListener.NONE);
  }

  /** The same, with a listener to the outputs of {@code conv_in}, each block and so on. */
  public NDArray forward(
      NDManager scope, NDArray sample, NDArray timesteps, NDArray context, LayerListener listener) {
    try (NDManager inner = scope.newSubManager()) {
      NDArray time = timeEmbedding.forward(inner, timesteps); // [batch, time channels]
      listener.heard("time_embedding", time);
      Activations pass = new Activations(inner, time, context);
      NDArray map = pass.keepSkip(entry.forward(inner, sample)); // [batch, channels, height, width]
      listener.heard("conv_in", map);
      for (int i = 0; i < down.size(); i++) {
        map = down.get(i).forward(pass, map);
        listener.heard("down_blocks." + i, map);
      }
      map = middle.forward(pass, map);
      listener.heard("mid_block", map);
      for (int i = 0; i < up.size(); i++) {
        map = up.get(i).forward(pass, map);
        listener.heard("up_blocks." + i, map);
      }
      return exit.forward(scope, map);
    }
  }

  @Override
  public void close() {
    weights.close();
  }
}
