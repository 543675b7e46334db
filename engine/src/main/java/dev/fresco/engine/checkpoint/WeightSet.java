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
import java.util.Collection;
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
  private static final String WEIGHT = ".weight";
  private static final int PROBLEMS_SHOWN = 12;

  /** A configuration may ask for millions of layers; so many problems are enough to refuse it. */
  private static final int PROBLEMS_COUNTED = 1000;

  private final TensorSource source;
  private final KernelLibrary kernels;
  private final NDManager manager;
  private final KeptWeight.Form form;
  private final Map<String, StoredTensor> unclaimed;
  private final List<String> problems;
  private final List<KernelWeights> parts;
  private final Map<String, Layer> layers;

  /** A weight that adapters may change, and the part that it stands in. */
  private record Layer(KeptWeight weight, KernelWeights part) {}

  /** How matrices and filters are kept. */
  public enum Layout {
    /** As in the file. */
    PLAIN,
    /** In the processor's own layout where there is one; kernels must expect it. */
    PACKED
  }

  /**
   * What a network's weights become.
   *
   * @param computeType of products
   */
  public record Target(KernelLibrary kernels, ComputeType computeType, Layout layout) {}

  private WeightSet(WeightSet other, KeptWeight.Form form) {
    this.source = other.source;
    this.kernels = other.kernels;
    this.manager = other.manager;
    this.form = form;
    this.unclaimed = other.unclaimed;
    this.problems = other.problems;
    this.parts = other.parts;
    this.layers = other.layers;
  }

  private WeightSet(TensorSource source, KeyNames names, Target target) {
    this.source = source;
    this.kernels = target.kernels();
    this.unclaimed = byName(source, names);
    this.problems = new ArrayList<>();
    this.parts = new ArrayList<>();
    this.layers = new HashMap<>();
    this.manager = kernels.manager().newSubManager();
    this.form =
        new KeptWeight.Form(
            new TensorLoader(source, kernels),
            kernels.kernel("pack"),
            manager,
            target.computeType(),
            target.layout() == Layout.PACKED
                && !kernels.onGpu()
                && target.computeType().isPackedHere());
  }

  /**
   * Builds a network on weights. The network owns the set from then on.
   *
   * @param source stays open with the set, and is closed if the load fails
   * @param network claims every part it needs
   * @throws EngineException if the file is damaged, or naming all tensors that are missing, of the
   *     wrong shape, or that the network does not know; nothing stays allocated
   */
  public static <N> N load(
      TensorSource source, KeyNames names, Target target, Function<WeightSet, N> network) {
    WeightSet weights = null;
    try {
      weights = new WeightSet(source, names, target);
      N built = network.apply(weights);
      weights.requireComplete();
      return built;
    } catch (RuntimeException | Error e) {
      if (weights != null) {
        weights.close();
      } else {
        source.close();
      }
      throw e;
    }
  }

  /** With matrices and filters as they stand in the file. */
  public static <N> N load(
      TensorSource source,
      KeyNames names,
      KernelLibrary kernels,
      ComputeType computeType,
      Function<WeightSet, N> network) {
    return load(source, names, new Target(kernels, computeType, Layout.PLAIN), network);
  }

  /**
   * Claims the tensors of a part. What is missing or of another shape is noted, and fails the load
   * at its end together with all else that is wrong.
   *
   * @param prefix that the part's names carry in the file, without the dot; empty for none
   */
  public KernelWeights part(String prefix, WeightShapes shapes) {
    Map<String, KeptWeight> kept = new HashMap<>();
    shapes
        .byName()
        .forEach(
            (name, wanted) -> {
              String full = prefix.isEmpty() ? name : prefix + "." + name;
              StoredTensor tensor = claim(full, wanted.shape());
              if (tensor != null) {
                kept.put(full, new KeptWeight(tensor, wanted, form));
              }
            });
    KernelWeights part = keep(together(kept.values()));
    kept.forEach((name, weight) -> remember(name, weight, part));
    return part;
  }

  /** The part holds the tensors; handles beside it would keep them when others take their place. */
  private KernelWeights together(Collection<KeptWeight> weights) {
    try (NDManager scope = manager.newSubManager()) {
      Map<String, NDArray> pieces = new HashMap<>();
      weights.forEach(weight -> pieces.putAll(weight.pieces(scope)));
      return KernelWeights.of(pieces);
    }
  }

  /** The same set; parts that are claimed through this are fp32 whatever the others are. */
  public WeightSet exact() {
    return new WeightSet(this, form.exact());
  }

  private void remember(String name, KeptWeight weight, KernelWeights part) {
    if (name.endsWith(WEIGHT) && weight.shape().length > 1) {
      layers.put(name.substring(0, name.length() - WEIGHT.length()), new Layer(weight, part));
    }
  }

  /**
   * The shapes of the weights that adapters may change, by the layer's name: {@code [out, in]}, or
   * {@code [out, in, kernel, kernel]}.
   */
  public Map<String, long[]> layers() {
    Map<String, long[]> shapes = new TreeMap<>();
    layers.forEach((name, layer) -> shapes.put(name, layer.weight().shape()));
    return shapes;
  }

  /** Whether there is a layer of this name that adapters may change. */
  public boolean hasLayer(String layer) {
    return layers.containsKey(layer);
  }

  /**
   * Adds a low-rank product to a layer's stored weight. Not while the network runs.
   *
   * @param down fp32 {@code [rank, in, ...]}
   * @param up fp32 {@code [out, rank, ...]}
   */
  public void patch(String layer, NDArray down, NDArray up) {
    Layer found = requireLayer(layer);
    found.weight().patch(found.part(), down, up);
  }

  /** Puts a layer's stored weight back, bit for bit. Not while the network runs. */
  public void restore(String layer) {
    Layer found = requireLayer(layer);
    found.weight().restore(found.part());
  }

  private Layer requireLayer(String name) {
    Layer found = layers.get(name);
    if (found == null) {
      throw new EngineException(source.place() + ": has no layer " + name + " to change");
    }
    return found;
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
    source.close();
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
