package dev.fresco.engine.text;

import dev.fresco.engine.checkpoint.T5Config.Distances;

/**
 * T5's buckets of distances between two tokens (arXiv:1910.10683, section 2.1), as transformers'
 * {@code T5Attention} counts them: half of the buckets for keys after the query, half for those
 * before; of each half, one part holds one distance each, the other ever longer ranges of them, up
 * to a farthest that takes all the rest.
 */
final class RelativeDistances {
  private RelativeDistances() {}

  /**
   * @return the bucket of each distance, key's place less query's, from {@code 1 - tokens} to
   *     {@code tokens - 1}
   */
  static long[] buckets(int tokens, Distances distances) {
    long[] buckets = new long[2 * tokens - 1];
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = bucket(i - (tokens - 1), distances);
    }
    return buckets;
  }

  private static int bucket(int distance, Distances distances) {
    int half = distances.buckets() / 2;
    return (distance > 0 ? half : 0) + within(Math.abs(distance), half, distances);
  }

  /** The reference computes in fp32, and where a range ends may depend on it. */
  private static int within(int distance, int half, Distances distances) {
    int exact = distances.exact();
    if (distance < exact) {
      return distance;
    }
    float share =
        (float) Math.log((float) distance / exact)
            / (float) Math.log((double) distances.farthest() / exact);
    return Math.min(exact + (int) (share * (half - exact)), half - 1);
  }
}
