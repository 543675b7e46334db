package dev.fresco.engine.kernel;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One call of a kernel: arguments in the method's order, then {@link #run}, once. What it makes of
 * plain arguments is freed when it ran, whatever the outcome; results belong to the scope given.
 */
public final class KernelCall {
  private final Kernel kernel;
  private final String method;
  private final List<IValue> arguments = new ArrayList<>(10);
  private final List<IValue> owned = new ArrayList<>(10);

  KernelCall(Kernel kernel, String method) {
    this.kernel = kernel;
    this.method = method;
  }

  public KernelCall tensor(NDArray tensor) {
    return own(IValue.from((PtNDArray) tensor));
  }

  /** An argument of type {@code List[Tensor]}, not empty. */
  public KernelCall tensors(List<NDArray> tensors) {
    return own(
        IValue.listFrom(tensors.stream().map(PtNDArray.class::cast).toArray(PtNDArray[]::new)));
  }

  public KernelCall weights(KernelWeights weights) {
    arguments.add(weights.value());
    return this;
  }

  public KernelCall integer(long value) {
    return own(IValue.from(value));
  }

  public KernelCall text(String value) {
    return own(IValue.from(value));
  }

  /** An argument of type {@code List[int]}. */
  public KernelCall integers(long... values) {
    return own(IValue.listFrom(values));
  }

  public KernelCall decimal(double value) {
    return own(IValue.from(value));
  }

  /** Three arguments: the name of the part with its dot, and the adapters' terms and ranges. */
  public KernelCall adapters(String prefix, AdapterTerms terms) {
    own(IValue.from(prefix));
    weights(terms.sets());
    return integers(terms.ranges());
  }

  public KernelCall flag(boolean value) {
    return own(IValue.from(value));
  }

  /**
   * Runs a method that returns one tensor.
   *
   * @param scope the manager that the result attaches to
   * @throws dev.fresco.engine.EngineException naming the kernel, if PyTorch refuses
   */
  public NDArray run(NDManager scope) {
    return invoke(result -> result.toTensor((PtNDManager) scope));
  }

  /** Runs a method that returns one map per group. */
  public Maps runForMaps(NDManager scope) {
    return new Maps(runForList(scope));
  }

  /** An argument of type {@code List[Tensor]} with one map per group. */
  public KernelCall maps(Maps maps) {
    return tensors(maps.all());
  }

  /** Runs a method that returns {@code List[Tensor]}. */
  public NDArray[] runForList(NDManager scope) {
    return invoke(result -> result.toTensorArray((PtNDManager) scope));
  }

  private <T> T invoke(Function<IValue, T> take) {
    InferenceThread.prepare();
    String place = kernel.name() + "." + method;
    long start = System.nanoTime();
    try (IValue result =
        IValueUtils.runMethod(kernel.module(), method, arguments.toArray(IValue[]::new))) {
      kernel.clock().add(place, System.nanoTime() - start);
      return take.apply(result);
    } catch (EngineException e) {
      throw new dev.fresco.engine.EngineException(
          "kernel " + place + " failed: " + e.getMessage(), e);
    } finally {
      owned.forEach(IValue::close);
    }
  }

  private KernelCall own(IValue value) {
    owned.add(value);
    arguments.add(value);
    return this;
  }
}
