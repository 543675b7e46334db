package dev.fresco.planning.cacheload;

import dev.fresco.contracts.Require;

/**
 * One layer of a masked step: computed in full, or in part from what was recorded.
 *
 * @param name for messages and tables
 * @param cachedMillis of computing, at least 0, with the recording at hand
 * @param uncachedMillis of computing, at least 0, without it
 * @param loadMillis until the recording of this layer is at hand, at least 0, nothing else loading
 */
public record Layer(String name, double cachedMillis, double uncachedMillis, double loadMillis) {
  public Layer {
    Require.text("name", name);
    atLeastZero(name, "cachedMillis", cachedMillis);
    atLeastZero(name, "uncachedMillis", uncachedMillis);
    atLeastZero(name, "loadMillis", loadMillis);
  }

  private static void atLeastZero(String layer, String field, double millis) {
    if (!(millis >= 0) || Double.isInfinite(millis)) {
      throw new IllegalArgumentException(
          field + " of " + layer + " is " + millis + "; the least is 0, and it must be finite");
    }
  }
}
