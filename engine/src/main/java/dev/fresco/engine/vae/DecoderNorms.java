package dev.fresco.engine.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.DecoderStatistics;
import dev.fresco.engine.EngineException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The statistics of a decoder's norms through one pass, layer by layer: what they take from
 * elsewhere, and what they leave.
 */
final class DecoderNorms {
  private final DecoderStatistics given;
  private final boolean keeping;
  private final List<float[]> kept = new ArrayList<>();
  private int next;

  private DecoderNorms(DecoderStatistics given, boolean keeping) {
    this.given = given;
    this.keeping = keeping;
  }

  /** Every norm takes the statistics of its own map. */
  static DecoderNorms own() {
    return new DecoderNorms(DecoderStatistics.none(), false);
  }

  /** The same, and what they were is kept. */
  static DecoderNorms recorded() {
    return new DecoderNorms(DecoderStatistics.none(), true);
  }

  /** Norms of maps that are not whole take these. */
  static DecoderNorms given(DecoderStatistics given) {
    return new DecoderNorms(given, false);
  }

  /**
   * For the next norms.
   *
   * @param count of them, in one layer
   * @param whole whether their maps are whole, so that their own statistics are right
   * @return {@code [count, 2, groups]}, or nothing for their own
   */
  NDArray take(NDManager scope, int count, boolean whole) {
    int first = next;
    next += count;
    if (whole) {
      return scope.create(new float[0], new Shape(0));
    }
    if (given.norms().size() < next) {
      throw new EngineException(
          "the statistics are of %d norms; the decoder has more".formatted(given.norms().size()));
    }
    int width = given.norms().get(first).length;
    float[] all = new float[count * width];
    for (int i = 0; i < count; i++) {
      System.arraycopy(given.norms().get(first + i), 0, all, i * width, width);
    }
    return scope.create(all, new Shape(count, 2, width / 2));
  }

  /**
   * @param statistics {@code [count, 2, groups]}
   */
  void keep(NDArray statistics) {
    if (keeping) {
      int count = (int) statistics.getShape().get(0);
      float[] all = statistics.toFloatArray();
      int width = all.length / count;
      for (int i = 0; i < count; i++) {
        kept.add(Arrays.copyOfRange(all, i * width, (i + 1) * width));
      }
    }
  }

  DecoderStatistics statistics() {
    return new DecoderStatistics(kept);
  }
}
