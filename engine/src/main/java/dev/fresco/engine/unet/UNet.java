package dev.fresco.engine.unet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.block.ExitConvolution;
import dev.fresco.engine.checkpoint.Component;
import dev.fresco.engine.checkpoint.KeyNames;
import dev.fresco.engine.checkpoint.UNetConfig;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.checkpoint.WeightSet.Layout;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.kernel.Maps;
import dev.fresco.engine.mask.ActiveLayout;
import dev.fresco.engine.mask.ActivePass;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The denoising network of Stable Diffusion 1, 2 and XL; diffusers' {@code UNet2DConditionModel}.
 * Rows of a batch do not touch each other, and each has its own timestep; rows of another size are
 * another group of the same pass. Holds no state between calls; threads may share it while nobody
 * patches its weights.
 */
public final class UNet implements AutoCloseable {
  private final UNetConfig config;
  private final WeightSet weights;
  private final NDManager manager;
  private final Kernel control;
  private final Encoder encoder;
  private final List<UpStage> up = new ArrayList<>();
  private final ExitConvolution exit;

  private UNet(UNetConfig config, WeightSet weights, NDManager manager) {
    this.config = config;
    this.weights = weights;
    this.manager = manager;
    control = weights.kernel("control");
    encoder = new Encoder(weights, config);
    for (int i = 0; i < config.stages().up().size(); i++) {
      up.add(new UpStage(weights, config, i));
    }
    exit =
        new ExitConvolution(
            weights,
            "",
            config.stages().down().get(0).channels(),
            config.ends().outChannels(),
            config.ends().outKernel(),
            config.norm());
  }

  /**
   * Loads a checkpoint's UNet.
   *
   * @throws dev.fresco.engine.EngineException naming what is wrong with the folder and where
   */
  public static UNet load(Component folder, KernelLibrary kernels, ComputeType computeType) {
    return load(folder, new WeightSet.Target(kernels, computeType, Layout.PACKED));
  }

  /** The same with weights of any form; only plain ones can be differentiated through. */
  public static UNet load(Component folder, WeightSet.Target target) {
    UNetConfig config = UNetConfig.read(folder.configOf(UNetConfig.CLASS_NAME));
    return WeightSet.load(
        folder.weights(),
        KeyNames.AS_STORED,
        target,
        weights -> new UNet(config, weights, target.kernels().manager()));
  }

  public UNetConfig config() {
    return config;
  }

  /** The weights, for adapters to change while no pass runs. */
  public WeightSet weights() {
    return weights;
  }

  /**
   * Prepares the text that rows attend to. It depends on the adapters in force.
   *
   * @param contexts fp32 {@code [rows, words, context channels]} per group
   */
  public AttendedText attend(List<NDArray> contexts, AdapterTerms terms) {
    return AttendedText.filled(
        manager,
        text -> {
          encoder.attend(text, contexts, terms);
          up.forEach(stage -> stage.attend(text, contexts, terms));
        });
  }

  /**
   * What SDXL adds to the time embedding of a row at every step.
   *
   * @param scope the manager that the result attaches to
   * @param sizes fp32 {@code [rows, 6]}: original height and width, top and left of the crop,
   *     wanted height and width, in pixels
   * @param text fp32 {@code [rows, text channels]}
   * @param rows how many of each group
   * @return {@code [rows, time channels]}
   */
  public NDArray added(
      NDManager scope, NDArray sizes, NDArray text, long[] rows, AdapterTerms terms) {
    return encoder.time().added(scope, sizes, text, rows, terms);
  }

  /**
   * Predicts, without regard to whether the prediction is noise or velocity.
   *
   * @param scope the manager that the result attaches to
   * @return fp32 {@code [rows, out channels, height, width]} per group
   */
  public Maps forward(NDManager scope, UNetInput input) {
    return forward(scope, input, LayerListener.NONE);
  }

  /** The same, with a listener to the outputs of {@code conv_in}, each block and so on. */
  public Maps forward(NDManager scope, UNetInput input, LayerListener listener) {
    try (NDManager inner = scope.newSubManager()) {
      Activations pass = encoder.begin(inner, input, listener);
      Maps maps = pass.keepSkip(encoder.entry(inner, input));
      listener.heard("conv_in", maps);
      maps = encoder.descend(pass, maps, listener);
      input.residuals().forEach(residuals -> add(residuals, pass));
      addToMiddle(input, maps, inner);
      for (int i = 0; i < up.size(); i++) {
        maps = up.get(i).forward(pass, maps);
        listener.heard("up_blocks." + i, maps);
      }
      return exit.forward(scope, maps, input.terms());
    }
  }

  /** How many sizes of maps there are. */
  public int levels() {
    return config.stages().down().size();
  }

  /**
   * Predicts on the active places of each member, who is a group of its own.
   *
   * @param scope the manager that the result attaches to
   * @param input without residuals
   * @param steps of the whole schedule that the members are at
   * @param keeping takes what members without a recording leave behind
   * @return fp32 {@code [rows, out channels, height, width]} per member, zero outside its mask
   */
  public Maps active(
      NDManager scope,
      UNetInput input,
      ActiveLayout layout,
      List<Integer> steps,
      ActivePass.Keeping keeping) {
    try (NDManager inner = scope.newSubManager()) {
      NDArray time = encoder.time(inner, input, LayerListener.NONE);
      ActivePass pass = new ActivePass(inner, time, input.terms(), layout, steps, keeping);
      NDArray tokens = encoder.active(pass, input);
      for (int i = 0; i < up.size(); i++) {
        tokens = up.get(i).active(pass, input.text(), levels() - 1 - i, tokens);
      }
      return exit.active(scope, pass, tokens);
    }
  }

  private void add(ControlResiduals residuals, Activations pass) {
    int index = 0;
    for (Iterator<Maps> skips = pass.skipsInOrder(); skips.hasNext(); index++) {
      residuals.addTo(skips.next(), index, control, pass.scope());
    }
  }

  private void addToMiddle(UNetInput input, Maps middle, NDManager scope) {
    for (ControlResiduals residuals : input.residuals()) {
      residuals.addTo(middle, residuals.maps().size() - 1, control, scope);
    }
  }

  @Override
  public void close() {
    weights.close();
  }
}
