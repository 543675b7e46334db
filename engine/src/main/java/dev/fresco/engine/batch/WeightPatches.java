package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.adapter.AdapterSet;
import dev.fresco.engine.adapter.AdapterSet.Stack;
import dev.fresco.engine.adapter.LoraComponent;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.kernel.KernelLibrary;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The set of adapters that is in a network's weights. Batches of one model share the weights, so
 * their passes take turns.
 */
final class WeightPatches {
  private final WeightSet weights;
  private final LoraComponent component;
  private final NDManager manager;

  /** Layers that may not be as stored. */
  private final Set<String> changed = new TreeSet<>();

  /** Null while that is unknown, because a change failed half way. */
  private AdapterSet patched = AdapterSet.NONE;

  WeightPatches(WeightSet weights, LoraComponent component, KernelLibrary kernels) {
    this.weights = weights;
    this.component = component;
    this.manager = kernels.manager();
  }

  /** Runs a pass on weights with exactly this set in them. */
  synchronized <T> T with(AdapterSet wanted, Supplier<T> pass) {
    if (!wanted.equals(patched)) {
      change(wanted);
    }
    return pass.get();
  }

  private void change(AdapterSet wanted) {
    patched = null;
    Map<String, Stack> after = wanted.stacked(component);
    for (String layer : List.copyOf(changed)) {
      if (!after.containsKey(layer)) {
        weights.restore(layer);
        changed.remove(layer);
      }
    }
    after.forEach(this::patch);
    patched = wanted;
  }

  /** Always from the stored weight, so that nothing of an earlier set or of rounding stays. */
  private void patch(String layer, Stack stack) {
    if (weights.hasLayer(layer)) {
      changed.add(layer); // before the change, which may fail between two pieces of the weight
    }
    try (NDManager scope = manager.newSubManager()) {
      weights.patch(layer, tensor(scope, stack.down()), tensor(scope, stack.up()));
    }
  }

  private static NDArray tensor(NDManager scope, HostTensor tensor) {
    return scope.create(tensor.data(), new Shape(tensor.shape()));
  }
}
