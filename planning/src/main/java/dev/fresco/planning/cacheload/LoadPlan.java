package dev.fresco.planning.cacheload;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Which layers of a step take their recording, and how long the step then lasts.
 *
 * <p>Loads run one after the other, in the order of the layers, from the start of the step; the
 * computing of a layer starts when the one before it is computed and, if the layer loads, when its
 * load has ended.
 *
 * <p>Example: layers A and B, each 2 ms with a recording, 5 ms without, 4 ms to load. Both loaded:
 * A is at hand at 4 and done at 6, B at hand at 8 and done at 10. Only B loaded: A is done at 5, B
 * at 7.
 *
 * @param loads for each layer whether it takes its recording
 * @param makespanMillis from the start of the first load to the end of the last layer
 */
public record LoadPlan(List<Boolean> loads, double makespanMillis) {
  public LoadPlan {
    loads = List.copyOf(loads);
  }

  /** The plan that a choice leads to, carried out on paper. */
  public static LoadPlan of(List<Layer> layers, IntPredicate choice) {
    List<Boolean> loads = new ArrayList<>(layers.size());
    double loaded = 0;
    double computed = 0;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      boolean load = choice.test(i);
      if (load) {
        loaded += layer.loadMillis();
        computed = Math.max(loaded, computed) + layer.cachedMillis();
      } else {
        computed += layer.uncachedMillis();
      }
      loads.add(load);
    }
    return new LoadPlan(loads, computed);
  }

  /** How many layers load. */
  public int loadedLayers() {
    return (int) loads.stream().filter(load -> load).count();
  }
}
