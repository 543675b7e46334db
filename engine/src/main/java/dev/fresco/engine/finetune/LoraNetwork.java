package dev.fresco.engine.finetune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.TextStates;
import dev.fresco.engine.checkpoint.Component;
import dev.fresco.engine.checkpoint.UNetConfig.AddedConditioning;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.GradientRecording;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.kernel.KernelWeights;
import dev.fresco.engine.kernel.Maps;
import dev.fresco.engine.kernel.NativeFailure;
import dev.fresco.engine.training.NativeCopy;
import dev.fresco.engine.training.Parameter;
import dev.fresco.engine.unet.AttendedText;
import dev.fresco.engine.unet.UNet;
import dev.fresco.engine.unet.UNetInput;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A UNet with a LoRA beside it that learns. It is the network that paints, with the LoRA as terms
 * of all rows and its kernels recorded for PyTorch's automatic differentiation; only its weights
 * lie plainly, not in a processor's own layout, of whose products there are no derivatives. fp32
 * and frozen.
 */
final class LoraNetwork implements AutoCloseable {
  private final KernelLibrary kernels;
  private final Kernel kernel;
  private final UNet unet;
  private final FineTuneSettings.Size size;

  private LoraNetwork(KernelLibrary kernels, UNet unet, FineTuneSettings.Size size) {
    this.kernels = kernels;
    this.kernel = kernels.kernel("lora");
    this.unet = unet;
    this.size = size;
  }

  /**
   * @param size of the pictures, which some networks are told
   * @throws dev.fresco.engine.EngineException naming what is wrong with the folder and where
   */
  static LoraNetwork load(Component folder, KernelLibrary kernels, FineTuneSettings.Size size) {
    WeightSet.Target target =
        new WeightSet.Target(kernels, ComputeType.FP32, WeightSet.Layout.PLAIN);
    UNet unet =
        NativeFailure.during(
            "loading the UNet", () -> GradientRecording.during(() -> UNet.load(folder, target)));
    return new LoraNetwork(kernels, unet, size);
  }

  /** The layers that a LoRA may change, {@code [out, in, ...]} by path. */
  Map<String, long[]> layers() {
    return unet.weights().layers();
  }

  /**
   * Adds the gradients of the rows' mean squared error to the factors' sums.
   *
   * @return the error
   */
  double accumulate(LoraFactors factors, double scale, TrainingRows rows) {
    return recorded(
        scope -> {
          NDArray output = predict(scope, factors, scale, rows);
          NDArray target = NativeCopy.of(scope, rows.target());
          NDArray loss = kernel.call("loss").tensor(output).tensor(target).run(scope);
          kernel
              .call("add_gradients")
              .tensor(loss)
              .tensors(factors.parameters().each(Parameter::weight))
              .tensors(factors.parameters().each(Parameter::gradient))
              .run(scope);
          return (double) loss.getFloat();
        });
  }

  /** What the network says of noisy latents. */
  HostTensor predict(LoraFactors factors, double scale, TrainingRows rows) {
    return recorded(
        scope -> {
          NDArray output = predict(scope, factors, scale, rows);
          return HostTensor.of(output.toFloatArray(), output.getShape().getShape());
        });
  }

  private interface Pass<T> {
    T in(NDManager scope);
  }

  private <T> T recorded(Pass<T> pass) {
    return NativeFailure.during(
        "training pass",
        () ->
            GradientRecording.during(
                () -> {
                  try (NDManager scope = kernels.manager().newSubManager()) {
                    return pass.in(scope);
                  }
                }));
  }

  private NDArray predict(NDManager scope, LoraFactors factors, double scale, TrainingRows rows) {
    NDArray context = context(scope, rows.texts()); // [rows, words, channels]
    try (KernelWeights set = KernelWeights.of(terms(scope, factors, scale));
        AdapterTerms terms =
            AdapterTerms.of(List.of(set), List.of(new AdapterTerms.Rows(0, 0, 0, rows.count())));
        AttendedText text = unet.attend(List.of(context), terms)) {
      NDArray timesteps =
          NativeCopy.of(scope, HostTensor.of(rows.timesteps(), rows.timesteps().length));
      Maps noisy = new Maps(NativeCopy.of(scope, rows.noisy()));
      UNetInput input =
          new UNetInput(noisy, timesteps, added(scope, rows, terms), text, List.of(), terms);
      return unet.forward(scope, input).group(0);
    }
  }

  private Map<String, NDArray> terms(NDManager scope, LoraFactors factors, double scale) {
    NDArray[] ups =
        kernel
            .call("scaled")
            .tensors(factors.layers().stream().map(factors::up).toList())
            .decimal(scale)
            .runForList(scope);
    Map<String, NDArray> terms = new HashMap<>();
    for (int i = 0; i < ups.length; i++) {
      String layer = factors.layers().get(i);
      terms.put(layer + ".down", factors.down(layer));
      terms.put(layer + ".up", ups[i]);
    }
    return terms;
  }

  private static NDArray context(NDManager scope, List<TextStates> texts) {
    long[] one = texts.get(0).states().shape();
    return joined(
        scope,
        texts.stream().map(TextStates::states).toList(),
        new long[] {texts.size(), one[0], one[1]});
  }

  private static NDArray joined(NDManager scope, List<HostTensor> rows, long[] shape) {
    int each = rows.get(0).data().length;
    float[] all = new float[rows.size() * each];
    for (int row = 0; row < rows.size(); row++) {
      System.arraycopy(rows.get(row).data(), 0, all, row * each, each);
    }
    return NativeCopy.of(scope, HostTensor.of(all, shape));
  }

  /** What Stable Diffusion XL is told of each row, as if the picture were whole. */
  private Optional<NDArray> added(NDManager scope, TrainingRows rows, AdapterTerms terms) {
    if (!unet.config().added().isThere()) {
      return Optional.empty();
    }
    List<HostTensor> pooled = rows.texts().stream().map(TextStates::pooled).toList();
    NDArray texts = joined(scope, pooled, new long[] {rows.count(), pooled.get(0).data().length});
    return Optional.of(
        unet.added(scope, sizes(scope, rows.count()), texts, new long[] {rows.count()}, terms));
  }

  private NDArray sizes(NDManager scope, int rows) {
    float[] one = {size.height(), size.width(), 0, 0, size.height(), size.width()};
    float[] all = new float[rows * AddedConditioning.SIZES];
    for (int i = 0; i < all.length; i++) {
      all[i] = one[i % AddedConditioning.SIZES];
    }
    return NativeCopy.of(scope, HostTensor.of(all, rows, AddedConditioning.SIZES));
  }

  @Override
  public void close() {
    unet.close();
  }
}
