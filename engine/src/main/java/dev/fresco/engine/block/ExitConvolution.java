package dev.fresco.engine.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.checkpoint.Normalisation;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.checkpoint.WeightShapes;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelWeights;
import dev.fresco.engine.kernel.Maps;
import dev.fresco.engine.mask.ActivePass;
import dev.fresco.engine.mask.Gather;
import java.util.Arrays;
import java.util.List;

/** The end of a network: GroupNorm, SiLU, a convolution that keeps the size. */
public final class ExitConvolution {
  private final Kernel kernel;
  private final KernelWeights normWeights;
  private final KernelWeights weights;
  private final String normName;
  private final String name;
  private final Normalisation norm;
  private final int padding;

  /**
   * The parts are named {@code conv_norm_out} and {@code conv_out}, as everywhere in diffusers.
   *
   * @param prefix before these names, with its dot; may be empty
   * @param width of the kernel, odd
   */
  public ExitConvolution(
      WeightSet weights, String prefix, int in, int out, int width, Normalisation norm) {
    this.kernel = weights.kernel("convolution");
    this.normName = prefix + "conv_norm_out";
    this.normWeights = weights.part(normName, new WeightShapes().norm("", in));
    this.name = prefix + "conv_out";
    this.weights = weights.part(name, new WeightShapes().convolution("", in, out, width));
    this.norm = norm;
    this.padding = width / 2;
  }

  /**
   * @param x {@code [rows, in, height, width]} per group
   * @return fp32 {@code [rows, out, height, width]} per group
   */
  public Maps forward(NDManager scope, Maps x, AdapterTerms terms) {
    return kernel
        .call("exit")
        .maps(x)
        .weights(normWeights)
        .weights(weights)
        .integer(norm.groups())
        .decimal(norm.epsilon())
        .integer(padding)
        .adapters(name, terms)
        .runForMaps(scope);
  }

  /**
   * From active tokens.
   *
   * @param scope the manager that the result attaches to
   * @param x {@code [tokens, in]}
   * @return fp32 {@code [rows, out, height, width]} per member, zero where nothing was computed
   */
  public Maps active(NDManager scope, ActivePass pass, NDArray x) {
    Gather gather = pass.layout().same(0);
    List<String> norms = ActivePass.norm(normName);
    int members = pass.layout().members().size();
    NDArray[] made =
        kernel
            .call("active_exit")
            .tensor(x)
            .weights(normWeights)
            .weights(weights)
            .integer(norm.groups())
            .decimal(norm.epsilon())
            .integers(pass.layout().counts(0))
            .tensors(pass.layout().places(0))
            .integers(pass.layout().sizes(0))
            .tensor(gather.index())
            .tensors(gather.rings())
            .tensors(pass.recorded(List.of(norms.get(0), norms.get(1), name)))
            .adapters(name, pass.terms())
            .runForList(scope);
    List<NDArray> left = Arrays.asList(made).subList(members, made.length);
    pass.keepNorm(normName, left.subList(1, left.size()));
    pass.keep(name, left.get(0), 0);
    left.forEach(NDArray::close);
    return new Maps(Arrays.copyOf(made, members));
  }

  /** For one map. */
  public NDArray forward(NDManager scope, NDArray x) {
    return forward(scope, new Maps(x), AdapterTerms.none()).group(0);
  }
}
