package dev.fresco.engine.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.kernel.KernelWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The weights of one network on the device, norms in fp32 and all else in the compute type, claimed
 * part by part while the network is built. Native memory lives until {@link #close}.
 */
public final class WeightSet implements AutoCloseable {
  private static final int PROBLEMS_SHOWN = 12;

  /** A configuration may ask for millions of layers; so many problems are enough to refuse it. */
  private static final int PROBLEMS_COUNTED = 1000;

  private final TensorSource source;
  private final KernelLibrary kernels;
  private final ComputeType computeType;
  private final NDManager manager;
  private final TensorLoader loader;
  private final Map<String, StoredTensor> unclaimed;
  private final List<String> problems = new ArrayList<>();
  private final List<KernelWeights> parts = new ArrayList<>();

  private WeightSet(
      TensorSource source, KeyNames names, KernelLibrary kernels, ComputeType computeType) {
    this.source = source;
    this.kernels = kernels;
    this.computeType = computeType;
    this.unclaimed = byName(source, names);
    this.manager = kernels.manager().newSubManager();
    this.loader = new TensorLoader(source, kernels, manager);
  }

  /**
   * Builds a network on weights. The network owns the set from then on.
   *
   * @param source is closed in any case
   * @param network claims every part it needs
   * @throws EngineException if the file is damaged, or naming all tensors that are missing, of the
   *     wrong shape, or that the network does not know; nothing stays allocated
   */
  public static <N> N load(
      TensorSource source,
      KeyNames names,
      KernelLibrary kernels,
      ComputeType computeType,
      Function<WeightSet, N> network) {
    try (source) {
      WeightSet weights = new WeightSet(source, names, kernels, computeType);
      try {
        N built = network.apply(weights);
        weights.requireComplete();
        return built;
      } catch (RuntimeException e) {
        weights.close();
        throw e;
      }
    }
  }

  /**
   * Claims the tensors of a part. What is missing or of another shape is noted, and fails the load
   * at its end together with all else that is wrong.
   *
   * @param prefix that the part's names carry in the file, without the dot; empty for none
   */
  public KernelWeights part(String prefix, WeightShapes shapes) {
    Map<String, NDArray> found = new HashMap<>();
    shapes
        .byName()
        .forEach(
            (name, shape) -> {
              StoredTensor tensor = claim(prefix.isEmpty() ? name : prefix + "." + name, shape);
              if (tensor != null) {
                found.put(name, loader.load(tensor, shapes.typeOf(name, computeType)));
              }
            });
    return keep(KernelWeights.of(found));
  }

  /** Several parts as one list argument. */
  public KernelWeights list(List<KernelWeights> several) {
    return keep(KernelWeights.listOf(several));
  }

  public Kernel kernel(String name) {
    return kernels.kernel(name);
  }

  @Override
  public void close() {
    parts.forEach(KernelWeights::close);
    manager.close();
  }

  private StoredTensor claim(String name, long[] shape) {
    StoredTensor tensor = unclaimed.remove(name);
    if (tensor == null) {
      problem("missing " + name + " " + Arrays.toString(shape));
      return null;
    }
    if (!Arrays.equals(tensor.shape(), shape)) {
      problem(
          "%s has shape %s, expected %s"
              .formatted(tensor.name(), Arrays.toString(tensor.shape()), Arrays.toString(shape)));
      return null;
    }
    return tensor;
  }

  private void problem(String what) {
    problems.add(what);
    if (problems.size() == PROBLEMS_COUNTED) {
      throw misfit();
    }
  }

  private void requireComplete() {
    unclaimed
        .values()
        .forEach(left -> problem("unexpected " + left.name() + " " + left.describe()));
    if (!problems.isEmpty()) {
      throw misfit();
    }
  }

  private EngineException misfit() {
    boolean more = problems.size() > PROBLEMS_SHOWN;
    return new EngineException(
        "%s does not fit its configuration, %d problems: %s%s"
            .formatted(
                source.place(),
                problems.size(),
                String.join("; ", more ? problems.subList(0, PROBLEMS_SHOWN) : problems),
                more ? "; ..." : ""));
  }

  private KernelWeights keep(KernelWeights part) {
    parts.add(part);
    return part;
  }

  private static Map<String, StoredTensor> byName(TensorSource source, KeyNames names) {
    Map<String, StoredTensor> tensors = new TreeMap<>();
    for (StoredTensor tensor : source.tensors().values()) {
      names
          .name(tensor.name())
          .ifPresent(
              name -> {
                StoredTensor other = tensors.put(name, tensor);
                if (other != null) {
                  throw new EngineException(
                      "%s: %s and %s are two spellings of one tensor"
                          .formatted(source.place(), other.name(), tensor.name()));
                }
              });
    }
    return tensors;
  }
}
