package dev.fresco.planning.cacheload;

import java.util.List;

/**
 * InstGenIE's plan (arXiv:2505.20600, Algorithm 1).
 *
 * <p>Goal: a short step, by loading recordings beside the computing.
 *
 * <p>Constraints: one load at a time, in the order of the layers; linear in their number.
 *
 * <p>Algorithm: from the first layer to the last, a layer loads if it is then computed no later
 * than without: {@code max(load + L, comp) + Cw <= comp + Co}. What a load costs the layers behind
 * it is not seen.
 *
 * <p>Example: A takes 9 ms without a recording, 1 with, and loads in 8; B takes 20, 1, and loads in
 * 8. Loading A looks no worse (9 <= 9), so B is at hand only at 16 and done at 17. Computing A in
 * full would have had B done at 10.
 */
public final class GreedyLoading {
  private GreedyLoading() {}

  /** The plan; of no layers, one of 0 ms. */
  public static LoadPlan plan(List<Layer> layers) {
    boolean[] loads = new boolean[layers.size()];
    double loaded = 0;
    double computed = 0;
    for (int i = 0; i < loads.length; i++) {
      Layer layer = layers.get(i);
      double with = Math.max(loaded + layer.loadMillis(), computed) + layer.cachedMillis();
      double without = computed + layer.uncachedMillis();
      loads[i] = with <= without;
      if (loads[i]) {
        loaded += layer.loadMillis();
      }
      computed = Math.min(with, without);
    }
    return LoadPlan.of(layers, i -> loads[i]);
  }
}
