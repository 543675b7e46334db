package dev.fresco.engine.unet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.checkpoint.ComponentFolder;
import dev.fresco.engine.checkpoint.ControlNetConfig;
import dev.fresco.engine.checkpoint.KeyNames;
import dev.fresco.engine.checkpoint.UNetConfig.Stage;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.checkpoint.WeightSet.Layout;
import dev.fresco.engine.checkpoint.WeightShapes;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.kernel.KernelWeights;
import dev.fresco.engine.kernel.Maps;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * A copy of a UNet's encoder that is shown a picture and tells the UNet's skip connections what to
 * add (arXiv:2302.05543); diffusers' {@code ControlNetModel}. Threads may share it.
 */
public final class ControlNetModel implements AutoCloseable {
  private final ControlNetConfig config;
  private final WeightSet weights;
  private final NDManager manager;
  private final Kernel kernel;
  private final Encoder encoder;
  private final KernelWeights picture;
  private final long[] pictureStrides;
  private final List<KernelWeights> skips = new ArrayList<>();
  private final KernelWeights middle;

  private ControlNetModel(ControlNetConfig config, WeightSet weights, NDManager manager) {
    this.config = config;
    this.weights = weights;
    this.manager = manager;
    kernel = weights.kernel("control");
    encoder = new Encoder(weights, config.encoder());
    List<Stage> stages = config.encoder().stages().down();
    pictureStrides = strides(config.pictureChannels().size());
    picture = picture(weights, config.pictureChannels(), stages.get(0).channels());
    skip(stages.get(0).channels());
    for (Stage stage : stages) {
      boolean last = stage == stages.get(stages.size() - 1);
      for (int i = 0; i < stage.resnets() + (last ? 0 : 1); i++) {
        skip(stage.channels());
      }
    }
    middle = pointwise("controlnet_mid_block", stages.get(stages.size() - 1).channels());
  }

  private void skip(int channels) {
    skips.add(pointwise("controlnet_down_blocks." + skips.size(), channels));
  }

  private KernelWeights pointwise(String name, int channels) {
    return weights.part(name, new WeightShapes().convolution("", channels, channels, 1));
  }

  /** The first and last convolution keep the size; between them every second one halves it. */
  private static long[] strides(int widths) {
    long[] strides = new long[2 * widths];
    for (int i = 0; i < strides.length; i++) {
      strides[i] = i > 0 && i % 2 == 0 && i < strides.length - 1 ? 2 : 1;
    }
    return strides;
  }

  private static KernelWeights picture(WeightSet weights, List<Integer> widths, int out) {
    String name = "controlnet_cond_embedding.";
    List<KernelWeights> convolutions = new ArrayList<>();
    convolutions.add(convolution(weights, name + "conv_in", 3, widths.get(0)));
    for (int i = 0; i < widths.size() - 1; i++) {
      int narrow = widths.get(i);
      convolutions.add(convolution(weights, name + "blocks." + 2 * i, narrow, narrow));
      convolutions.add(
          convolution(weights, name + "blocks." + (2 * i + 1), narrow, widths.get(i + 1)));
    }
    convolutions.add(convolution(weights, name + "conv_out", widths.get(widths.size() - 1), out));
    return weights.list(convolutions);
  }

  private static KernelWeights convolution(WeightSet weights, String name, int in, int out) {
    return weights.part(name, new WeightShapes().convolution("", in, out, 3));
  }

  /**
   * Loads a ControlNet.
   *
   * @throws dev.fresco.engine.EngineException naming what is wrong with the folder and where
   */
  public static ControlNetModel load(
      ComponentFolder folder, KernelLibrary kernels, ComputeType computeType) {
    ControlNetConfig config = ControlNetConfig.read(folder.configOf("ControlNetModel"));
    return WeightSet.load(
        folder.weights(),
        KeyNames.AS_STORED,
        new WeightSet.Target(kernels, computeType, Layout.PACKED),
        weights -> new ControlNetModel(config, weights, kernels.manager()));
  }

  public ControlNetConfig config() {
    return config;
  }

  /** Prepares the text, like {@link UNet#attend}. */
  public AttendedText attend(List<NDArray> contexts) {
    return AttendedText.filled(
        manager, text -> encoder.attend(text, contexts, AdapterTerms.none()));
  }

  /** Like {@link UNet#added}, without adapters. */
  public NDArray added(NDManager scope, NDArray sizes, NDArray text) {
    long[] rows = {sizes.getShape().get(0)};
    return encoder.time().added(scope, sizes, text, rows, AdapterTerms.none());
  }

  /**
   * Brings a picture to the size of the latents; it is the same at every step.
   *
   * @param scope the manager that the result attaches to
   * @param pixels fp32 {@code [1, 3, height, width]} in 0..1
   * @return {@code [1, channels, height / factor, width / factor]}
   */
  public NDArray embed(NDManager scope, NDArray pixels) {
    return kernel.call("embed").tensor(pixels).weights(picture).integers(pictureStrides).run(scope);
  }

  /**
   * Computes the residuals of a step, without their scale.
   *
   * @param scope the manager that the results attach to
   * @param pictures of {@link #embed}, {@code [rows, channels, height, width]} per group
   * @return one for each skip in the order of the way down, then one for the middle
   */
  public List<Maps> forward(NDManager scope, UNetInput input, List<NDArray> pictures) {
    try (NDManager inner = scope.newSubManager()) {
      Activations pass = encoder.begin(inner, input, LayerListener.NONE);
      Maps maps = pass.keepSkip(encoder.entry(inner, input));
      kernel.call("join").maps(maps).tensors(pictures).run(inner).close();
      maps = encoder.descend(pass, maps, LayerListener.NONE);
      List<Maps> residuals = new ArrayList<>();
      Iterator<Maps> kept = pass.skipsInOrder();
      for (KernelWeights skip : skips) {
        residuals.add(residual(kept.next(), skip, scope));
      }
      residuals.add(residual(maps, middle, scope));
      return residuals;
    }
  }

  private Maps residual(Maps maps, KernelWeights convolution, NDManager scope) {
    return kernel.call("residual").maps(maps).weights(convolution).runForMaps(scope);
  }

  @Override
  public void close() {
    weights.close();
  }
}
