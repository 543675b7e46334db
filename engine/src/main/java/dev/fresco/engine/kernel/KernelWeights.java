package dev.fresco.engine.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The weights of a network part in the form that kernels take, built once and used by every call:
 * {@code Dict[str, Tensor]} by their names within the part, or a list of such dictionaries.
 *
 * <p>The tensors themselves belong to whoever loaded them and must outlive this.
 */
public final class KernelWeights implements AutoCloseable {
  private final IValue value;

  private KernelWeights(IValue value) {
    this.value = value;
  }

  public static KernelWeights of(Map<String, NDArray> tensors) {
    Map<String, PtNDArray> named = new TreeMap<>();
    tensors.forEach((name, tensor) -> named.put(name, (PtNDArray) tensor));
    return new KernelWeights(IValue.stringMapFrom(named));
  }

  /** A list of parts, at least one; the parts may be closed afterwards. */
  public static KernelWeights listOf(List<KernelWeights> parts) {
    return new KernelWeights(
        IValue.listFrom(parts.stream().map(part -> part.value).toArray(IValue[]::new)));
  }

  IValue value() {
    return value;
  }

  @Override
  public void close() {
    value.close();
  }
}
