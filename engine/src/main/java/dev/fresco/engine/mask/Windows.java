package dev.fresco.engine.mask;

import dev.fresco.engine.mask.MaskPlan.Level;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The 3 x 3 windows of a convolution whose outputs are the active places of a map. What a window
 * needs is an active place of the source, a place beside them (the ring, which comes from a
 * recording), or padding.
 *
 * @param taken nine for each output, row by row: the index of an active place of the source, {@code
 *     -2 - i} for place i of the ring, or {@link #PADDING}
 * @param ring places of the source map
 */
record Windows(int[] taken, int[] ring) {
  static final int PADDING = -1;
  static final int TAPS = 9;

  /** How outputs lie on the source. */
  enum Kind {
    /** As many places. */
    SAME,
    /** Half as many on each side: diffusers' {@code Downsample2D} with padding 1. */
    HALVED,
    /** After enlargement by nearest neighbours: diffusers' {@code Upsample2D}. */
    ENLARGED
  }

  static Windows of(Level source, Level target, Kind kind) {
    int[] indexOf = new int[source.places()];
    Arrays.fill(indexOf, PADDING);
    for (int i = 0; i < source.active().length; i++) {
      indexOf[source.active()[i]] = i;
    }
    Map<Integer, Integer> ring = new LinkedHashMap<>();
    int[] taken = new int[target.active().length * TAPS];
    for (int i = 0; i < taken.length; i++) {
      int place = source(source, target, kind, target.active()[i / TAPS], i % TAPS);
      if (place == PADDING || indexOf[place] != PADDING) {
        taken[i] = place == PADDING ? PADDING : indexOf[place];
      } else {
        taken[i] = -2 - ring.computeIfAbsent(place, beside -> ring.size());
      }
    }
    return new Windows(taken, ring.keySet().stream().mapToInt(Integer::intValue).toArray());
  }

  /** The place of the source under a tap, or {@link #PADDING}. */
  private static int source(Level source, Level target, Kind kind, int output, int tap) {
    int stride = kind == Kind.HALVED ? 2 : 1;
    int y = output / target.width() * stride + tap / 3 - 1;
    int x = output % target.width() * stride + tap % 3 - 1;
    boolean enlarged = kind == Kind.ENLARGED;
    Level bounds = enlarged ? target : source;
    if (y < 0 || x < 0 || y >= bounds.height() || x >= bounds.width()) {
      return PADDING;
    }
    return enlarged
        ? y * source.height() / target.height() * source.width()
            + x * source.width() / target.width()
        : y * source.width() + x;
  }
}
