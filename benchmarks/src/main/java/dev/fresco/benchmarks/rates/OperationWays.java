package dev.fresco.benchmarks.rates;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.benchmarks.rates.Operation.Attention;
import dev.fresco.benchmarks.rates.Operation.Convolution;
import dev.fresco.benchmarks.rates.Operation.Linear;
import dev.fresco.benchmarks.rates.Race.Runner;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelCall;
import dev.fresco.engine.kernel.KernelLibrary;
import java.util.List;
import java.util.function.Supplier;

/**
 * The ways in which PyTorch can compute one product: its own or oneDNN's, with weights as stored or
 * packed beforehand, with channels apart or side by side.
 */
final class OperationWays {
  private final Kernel kernel;
  private final Kernel cast;
  private final NDManager scope;
  private final ComputeType type;

  /**
   * @param scope the manager that inputs attach to
   */
  OperationWays(KernelLibrary kernels, NDManager scope, ComputeType type) {
    this.kernel = kernels.kernel("machine_rates");
    this.cast = kernels.kernel("cast");
    this.scope = scope;
    this.type = type;
  }

  /** All of them on random numbers. */
  List<Runner> of(Operation operation) {
    if (operation instanceof Linear linear) {
      return linear(linear);
    }
    if (operation instanceof Convolution convolution) {
      return convolution(convolution);
    }
    return attention((Attention) operation);
  }

  private List<Runner> linear(Linear sizes) {
    NDArray x = random(sizes.tokens(), sizes.in());
    NDArray weight = random(sizes.out(), sizes.in());
    NDArray bias = random(sizes.out());
    NDArray packed = kernel.call("pack_linear").tensor(x).tensor(weight).run(scope);
    return List.of(
        runner("plain", () -> kernel.call("linear").tensor(x).tensor(weight).tensor(bias)),
        runner("oneDNN", () -> kernel.call("linear_onednn").tensor(x).tensor(weight).tensor(bias)),
        runner("packed", () -> kernel.call("linear_onednn").tensor(x).tensor(packed).tensor(bias)));
  }

  private List<Runner> convolution(Convolution sizes) {
    NDArray x = random(sizes.rows(), sizes.in(), sizes.height(), sizes.width());
    NDArray weight = random(sizes.out(), sizes.in(), sizes.kernel(), sizes.kernel());
    NDArray lastX = kernel.call("channels_last").tensor(x).run(scope);
    NDArray lastWeight = kernel.call("channels_last").tensor(weight).run(scope);
    NDArray packed =
        kernel
            .call("pack_convolution")
            .tensor(x)
            .tensor(weight)
            .integer(sizes.stride())
            .integer(sizes.padding())
            .run(scope);
    NDArray bias = random(sizes.out());
    return List.of(
        convolution("plain", "convolution", sizes, x, weight, bias),
        convolution("channels last", "convolution", sizes, lastX, lastWeight, bias),
        convolution("packed", "convolution_onednn", sizes, x, packed, bias),
        convolution("packed, channels last", "convolution_onednn", sizes, lastX, packed, bias));
  }

  private Runner convolution(
      String name, String method, Convolution sizes, NDArray x, NDArray weight, NDArray bias) {
    return runner(
        name,
        () ->
            kernel
                .call(method)
                .tensor(x)
                .tensor(weight)
                .tensor(bias)
                .integer(sizes.stride())
                .integer(sizes.padding()));
  }

  private List<Runner> attention(Attention sizes) {
    NDArray queries = heads(sizes, sizes.queries());
    NDArray keys = heads(sizes, sizes.keys());
    NDArray values = heads(sizes, sizes.keys());
    return List.of(
        runner(
            "fused", () -> kernel.call("attention").tensor(queries).tensor(keys).tensor(values)));
  }

  private NDArray heads(Attention sizes, int tokens) {
    NDArray flat = random(sizes.rows(), tokens, sizes.heads() * sizes.width());
    return kernel.call("heads").tensor(flat).integer(sizes.heads()).run(scope);
  }

  /** Normal numbers in the type that is measured. */
  private NDArray random(long... shape) {
    try (NDArray fp32 = scope.randomNormal(new Shape(shape))) {
      return cast.call("to_type").tensor(fp32).integer(type.torchType()).run(scope);
    }
  }

  private Runner runner(String name, Supplier<KernelCall> call) {
    return new Runner(
        name,
        () -> {
          KernelCall prepared = call.get();
          long start = System.nanoTime();
          NDArray result = prepared.run(scope);
          long nanoseconds = System.nanoTime() - start;
          result.close();
          return nanoseconds;
        });
  }
}
