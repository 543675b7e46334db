package dev.fresco.engine.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.checkpoint.Normalisation;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.checkpoint.WeightShapes;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelCall;
import dev.fresco.engine.kernel.KernelWeights;
import dev.fresco.engine.kernel.Maps;
import dev.fresco.engine.mask.ActivePass;
import dev.fresco.engine.mask.Gather;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** diffusers' {@code ResnetBlock2D}: with a time embedding in a UNet, without in an autoencoder. */
public final class ResnetBlock {
  private final Kernel kernel;
  private final KernelWeights weights;
  private final String name;
  private final Normalisation norm;
  private final double scale;

  private ResnetBlock(
      WeightSet weights, String name, WeightShapes shapes, Normalisation norm, double scale) {
    this.kernel = weights.kernel("resnet");
    this.weights = weights.part(name, shapes);
    this.name = name;
    this.norm = norm;
    this.scale = scale;
  }

  /**
   * A block that takes a time embedding.
   *
   * @param scale that the sum of both ways is divided by
   */
  public static ResnetBlock timed(
      WeightSet weights, String name, Widths widths, Normalisation norm, double scale) {
    WeightShapes shapes =
        shapes(widths.in(), widths.out()).linear("time_emb_proj", widths.time(), widths.out());
    return new ResnetBlock(weights, name, shapes, norm, scale);
  }

  /** A block without time embedding. */
  public static ResnetBlock plain(
      WeightSet weights, String name, int in, int out, Normalisation norm) {
    return new ResnetBlock(weights, name, shapes(in, out), norm, 1);
  }

  /** Channels that come in, that go out, and of the time embedding. */
  public record Widths(int in, int out, int time) {}

  /**
   * @param x {@code [rows, in, height, width]}
   * @return {@code [rows, out, height, width]}
   */
  public NDArray forward(NDManager scope, NDArray x) {
    return withSizes(kernel.call("plain").tensor(x)).run(scope);
  }

  /**
   * @param x {@code [rows, in, height, width]} per group
   * @param time {@code [rows of all groups, time channels]}, after SiLU
   * @return {@code [rows, out, height, width]} per group
   */
  public Maps forward(NDManager scope, Maps x, NDArray time, AdapterTerms terms) {
    return withSizes(kernel.call("timed").maps(x).tensor(time))
        .adapters(name + ".", terms)
        .runForMaps(scope);
  }

  /**
   * @param skips joined to x on the channel axis, {@code [rows, in - channels of x, height, width]}
   *     per group
   */
  public Maps forward(NDManager scope, Maps x, Maps skips, NDArray time, AdapterTerms terms) {
    return withSizes(kernel.call("joined").maps(x).maps(skips).tensor(time))
        .adapters(name + ".", terms)
        .runForMaps(scope);
  }

  /**
   * On active tokens.
   *
   * @param xs {@code [tokens, channels]}: what comes in, and the skip connection if there is one
   * @return {@code [tokens, out]}
   */
  public NDArray active(ActivePass pass, int level, List<NDArray> xs) {
    Gather gather = pass.layout().same(level);
    int members = pass.layout().members().size();
    NDArray[] made =
        withSizes(kernel.call("active").tensors(xs).tensor(pass.time()))
            .integers(pass.layout().counts(level))
            .tensors(pass.layout().places(level))
            .tensor(gather.index())
            .tensors(gather.rings())
            .tensors(pass.recorded(recordedNames()))
            .adapters(name + ".", pass.terms())
            .runForList(pass.scope());
    List<NDArray> left = Arrays.asList(made).subList(1, made.length);
    pass.keepNorm(name + ".norm1", left.subList(2, 2 + 2 * members));
    pass.keep(name + ".conv1", left.get(0), level);
    pass.keepNorm(name + ".norm2", left.subList(2 + 2 * members, 2 + 4 * members));
    pass.keep(name + ".conv2", left.get(1), level);
    left.forEach(NDArray::close);
    return made[0];
  }

  private List<String> recordedNames() {
    List<String> names = new ArrayList<>(ActivePass.norm(name + ".norm1"));
    names.add(name + ".conv1");
    names.addAll(ActivePass.norm(name + ".norm2"));
    names.add(name + ".conv2");
    return names;
  }

  private KernelCall withSizes(KernelCall call) {
    return call.weights(weights).integer(norm.groups()).decimal(norm.epsilon()).decimal(scale);
  }

  private static WeightShapes shapes(int in, int out) {
    WeightShapes shapes =
        new WeightShapes()
            .norm("norm1", in)
            .convolution("conv1", in, out, 3)
            .norm("norm2", out)
            .convolution("conv2", out, out, 3);
    return in == out ? shapes : shapes.convolution("conv_shortcut", in, out, 1);
  }
}
