package dev.fresco.engine.parity;

import dev.fresco.engine.EngineException;

/** How far a result is from its reference: {@code |result - reference| / |reference|}. */
public final class RelativeError {
  private RelativeError() {}

  /**
   * Euclidean norms over all values; the plain distance where the reference is zero.
   *
   * @return 0 for equal values; not a number if either has such
   * @throws EngineException if the numbers of values differ
   */
  public static double of(float[] result, float[] reference) {
    if (result.length != reference.length) {
      throw new EngineException(
          "result has " + result.length + " values, its reference " + reference.length);
    }
    double distance = 0;
    double size = 0;
    for (int i = 0; i < result.length; i++) {
      double difference = (double) result[i] - reference[i];
      distance += difference * difference;
      size += (double) reference[i] * reference[i];
    }
    return size == 0 ? Math.sqrt(distance) : Math.sqrt(distance / size);
  }
}
