package dev.fresco.planning.cacheload;

import java.util.List;

/**
 * The shortest step that loading can give.
 *
 * <p>Goal: no plan is shorter.
 *
 * <p>Constraints: those of {@link GreedyLoading}, but for time linear in the layers; under a
 * millisecond for the 60 layers of a large model.
 *
 * <p>Algorithm: after each layer only two numbers matter for the rest: when the last load ends
 * (load) and when the computing ends (comp). Less of either is never worse, so of all states
 * reached those remain that no other beats in both: the Pareto front, ordered by load, comp
 * falling. Each state leads to two, with and without a load; both rows are in the order of load, so
 * one merge makes the next front. A state that cannot end before the greedy plan, even if all
 * further recordings were at hand, is dropped. The last state of the last front is the plan, read
 * back through the states it came from.
 *
 * <p>A front may double with each layer. Above {@value #MOST_STATES} states, far more than measured
 * models make, every other one is left out: the plan may then not be the shortest, but is never
 * longer than the greedy one.
 *
 * <p>Example: that of {@link GreedyLoading}. After A the front is (0, 9); loading A gives (8, 9),
 * which is beaten. After B: (0, 29) without, (8, 10) with. The plan loads B, in 10 ms.
 */
public final class ExactLoading {
  static final int MOST_STATES = 20_000;

  private ExactLoading() {}

  /** The plan; of no layers, one of 0 ms. */
  public static LoadPlan plan(List<Layer> layers) {
    LoadPlan greedy = GreedyLoading.plan(layers);
    // A hair above, or rounding could drop the greedy plan's own states.
    double limit = greedy.makespanMillis() * (1 + 1e-12);
    double[] restMillis = leastAfter(layers);
    LoadFront[] fronts = new LoadFront[layers.size() + 1];
    fronts[0] = LoadFront.start();
    for (int i = 0; i < layers.size(); i++) {
      fronts[i + 1] =
          fronts[i].after(layers.get(i), limit - restMillis[i + 1]).thinned(MOST_STATES);
      if (fronts[i + 1].size() == 0) {
        return greedy;
      }
    }
    LoadPlan best = readBack(layers, fronts);
    return best.makespanMillis() < greedy.makespanMillis() ? best : greedy;
  }

  /** For each layer, the least that it and those behind it take if nothing had to be loaded. */
  private static double[] leastAfter(List<Layer> layers) {
    double[] least = new double[layers.size() + 1];
    for (int i = layers.size() - 1; i >= 0; i--) {
      Layer layer = layers.get(i);
      least[i] = least[i + 1] + Math.min(layer.cachedMillis(), layer.uncachedMillis());
    }
    return least;
  }

  private static LoadPlan readBack(List<Layer> layers, LoadFront[] fronts) {
    boolean[] loads = new boolean[layers.size()];
    int state = fronts[layers.size()].size() - 1;
    for (int i = layers.size(); i > 0; i--) {
      loads[i - 1] = fronts[i].loaded(state);
      state = fronts[i].cameFrom(state);
    }
    return LoadPlan.of(layers, i -> loads[i]);
  }
}
