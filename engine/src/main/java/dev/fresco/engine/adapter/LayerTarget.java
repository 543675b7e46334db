package dev.fresco.engine.adapter;

import java.util.List;

/**
 * Where a name in a file leads: one layer of the network, or several that the original network has
 * as one, whose outputs lie one after the other.
 *
 * @param paths in the order of the outputs
 * @param halvesSwapped whether the network has the two halves of the output the other way round
 */
record LayerTarget(List<String> paths, boolean halvesSwapped) {
  static LayerTarget of(String path) {
    return new LayerTarget(List.of(path), false);
  }
}
