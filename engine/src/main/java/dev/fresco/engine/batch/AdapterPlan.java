package dev.fresco.engine.batch;

import dev.fresco.engine.adapter.AdapterSet;
import java.util.List;

/**
 * How the adapters of a step's members are applied. Both ways give the same picture; patched
 * weights cost nothing per step, terms let members differ.
 *
 * @param patched the set that is in the weights
 * @param terms whether members' own sets are added to the products instead
 */
record AdapterPlan(AdapterSet patched, boolean terms) {

  /**
   * @param sets one for each member, at least one
   */
  static AdapterPlan of(List<AdapterSet> sets) {
    boolean shared = sets.stream().distinct().count() == 1;
    return shared ? new AdapterPlan(sets.get(0), false) : new AdapterPlan(AdapterSet.NONE, true);
  }
}
