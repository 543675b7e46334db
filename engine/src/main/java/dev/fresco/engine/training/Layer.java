package dev.fresco.engine.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.kernel.KernelWeights;
import dev.fresco.engine.training.StageParameters.LayerParameters;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A layer's three passes, each one call of a kernel. */
final class Layer implements AutoCloseable {
  private final LayerKind kind;
  private final Kernel kernel;
  private final KernelWeights weights;
  private final KernelWeights gradients;
  private final int heads;
  private final boolean causal;

  /**
   * What a pass gives.
   *
   * @param result for the next layer on the way
   * @param kept for this layer's next pass
   */
  record Pass(NDArray result, List<NDArray> kept) {
    static Pass of(NDArray[] made) {
      return new Pass(made[0], List.of(Arrays.copyOfRange(made, 1, made.length)));
    }
  }

  Layer(KernelLibrary kernels, LayerParameters layer, ModelShape model) {
    this.kind = layer.kind();
    this.kernel = kernels.kernel(layer.kind().kernel(model));
    this.weights = KernelWeights.of(each(layer, Parameter::weight));
    this.gradients = KernelWeights.of(each(layer, Parameter::gradient));
    this.heads = model.heads();
    this.causal = model.causal();
  }

  private static Map<String, NDArray> each(
      LayerParameters layer, Function<Parameter, NDArray> which) {
    return layer.parameters().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> which.apply(entry.getValue())));
  }

  LayerKind kind() {
    return kind;
  }

  Pass forward(NDManager scope, List<NDArray> inputs) {
    return Pass.of(
        kernel
            .call(kind.forward())
            .tensors(inputs)
            .weights(weights)
            .integer(heads)
            .flag(causal)
            .runForList(scope));
  }

  Pass backward(NDManager scope, NDArray gradient, List<NDArray> kept) {
    return Pass.of(
        kernel
            .call(kind.backward())
            .tensor(gradient)
            .tensors(kept)
            .weights(weights)
            .integer(heads)
            .flag(causal)
            .runForList(scope));
  }

  void weightGradients(NDManager scope, List<NDArray> kept) {
    kernel.call(kind.weights()).tensors(kept).weights(gradients).run(scope).close();
  }

  @Override
  public void close() {
    weights.close();
    gradients.close();
  }
}
