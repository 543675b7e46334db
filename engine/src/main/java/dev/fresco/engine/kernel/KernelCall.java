package dev.fresco.engine.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One call of a kernel: arguments in the method's order, then {@link #run}, once. Native forms of
 * arguments are made by the run and freed by it, whatever the outcome, so a call that is given up
 * before leaves nothing behind; results belong to the scope given.
 */
public final class KernelCall {
  private final Kernel kernel;
  private final String method;
  private final List<Argument> arguments = new ArrayList<>(10);

  /**
   * An argument that is to come.
   *
   * @param owned whether it is made for this call alone
   */
  private record Argument(Supplier<IValue> value, boolean owned) {}

  KernelCall(Kernel kernel, String method) {
    this.kernel = kernel;
    this.method = method;
  }

  public KernelCall tensor(NDArray tensor) {
    return own(() -> IValue.from((PtNDArray) tensor));
  }

  /** An argument of type {@code List[Tensor]}, not empty. */
  public KernelCall tensors(List<NDArray> tensors) {
    PtNDArray[] each = tensors.stream().map(PtNDArray.class::cast).toArray(PtNDArray[]::new);
    return own(() -> IValue.listFrom(each));
  }

  public KernelCall weights(KernelWeights weights) {
    arguments.add(new Argument(weights::value, false));
    return this;
  }

  public KernelCall integer(long value) {
    return own(() -> IValue.from(value));
  }

  public KernelCall text(String value) {
    return own(() -> IValue.from(value));
  }

  /** An argument of type {@code List[int]}. */
  public KernelCall integers(long... values) {
    return own(() -> IValue.listFrom(values));
  }

  public KernelCall decimal(double value) {
    return own(() -> IValue.from(value));
  }

  /** Three arguments: the name of the part with its dot, and the adapters' terms and ranges. */
  public KernelCall adapters(String prefix, AdapterTerms terms) {
    own(() -> IValue.from(prefix));
    weights(terms.sets());
    return integers(terms.ranges());
  }

  public KernelCall flag(boolean value) {
    return own(() -> IValue.from(value));
  }

  /**
   * Runs a method that returns one tensor.
   *
   * @param scope the manager that the result attaches to
   * @throws dev.fresco.engine.OutOfMemoryException naming the kernel, if memory is short
   * @throws dev.fresco.engine.NativeException naming the kernel, if PyTorch fails otherwise
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
    List<IValue> owned = new ArrayList<>(arguments.size());
    try {
      return NativeFailure.during("kernel " + place, () -> invoke(place, take, owned));
    } finally {
      owned.forEach(IValue::close);
    }
  }

  private <T> T invoke(String place, Function<IValue, T> take, List<IValue> owned) {
    IValue[] values = new IValue[arguments.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = arguments.get(i).value().get();
      if (arguments.get(i).owned()) {
        owned.add(values[i]);
      }
    }
    long start = System.nanoTime();
    try (IValue result = runMethod(values)) {
      kernel.clock().add(place, System.nanoTime() - start);
      return take.apply(result);
    }
  }

  private IValue runMethod(IValue... values) {
    return GradientRecording.isOn()
        ? RecordedMethod.run(kernel.module(), method, values)
        : IValueUtils.runMethod(kernel.module(), method, values);
  }

  private KernelCall own(Supplier<IValue> value) {
    arguments.add(new Argument(value, true));
    return this;
  }
}
