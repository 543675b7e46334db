package dev.fresco.engine.mask;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which places of a network's maps are computed for one picture, at every resolution. A place is
 * active if anything under it is (InstGenIE, arXiv:2505.20600, section 4).
 *
 * @param levels from the size of the latents on, each half as high and wide as the one before,
 *     rounded up
 */
public record MaskPlan(List<Level> levels) {
  public MaskPlan {
    levels = List.copyOf(levels);
  }

  /**
   * Places of one resolution.
   *
   * @param active row by row, ascending
   */
  public record Level(int height, int width, int[] active) {
    static Level whole(int height, int width) {
      return new Level(height, width, IntStream.range(0, height * width).toArray());
    }

    private Level halved() {
      int high = (height + 1) / 2;
      int wide = (width + 1) / 2;
      boolean[] reached = new boolean[high * wide];
      for (int place : active) {
        reached[place / width / 2 * wide + place % width / 2] = true;
      }
      return new Level(high, wide, places(reached));
    }

    /** Places in all. */
    public int places() {
      return height * width;
    }

    private static int[] places(boolean[] which) {
      return IntStream.range(0, which.length).filter(i -> which[i]).toArray();
    }
  }

  /**
   * Of a mask.
   *
   * @param mask {@code [height, width]}; a place over 0 is active
   * @param margin so many places around them on each side are active as well
   * @param levels how many resolutions the network has
   * @throws EngineException if nothing is active
   */
  public static MaskPlan of(HostTensor mask, int margin, int levels) {
    int height = (int) mask.shape()[0];
    int width = (int) mask.shape()[1];
    boolean[] reached = new boolean[height * width];
    for (int i = 0; i < reached.length; i++) {
      if (mask.data()[i] > 0) {
        reach(reached, height, width, i, margin);
      }
    }
    Level first = new Level(height, width, Level.places(reached));
    if (first.active().length == 0) {
      throw new EngineException("the mask has no place over 0; there is nothing to paint");
    }
    return of(first, levels);
  }

  private static void reach(boolean[] reached, int height, int width, int place, int margin) {
    int top = Math.max(0, place / width - margin);
    int bottom = Math.min(height - 1, place / width + margin);
    int left = Math.max(0, place % width - margin);
    int right = Math.min(width - 1, place % width + margin);
    for (int y = top; y <= bottom; y++) {
      Arrays.fill(reached, y * width + left, y * width + right + 1, true);
    }
  }

  /** With every place active. */
  public static MaskPlan whole(int height, int width, int levels) {
    return of(Level.whole(height, width), levels);
  }

  private static MaskPlan of(Level first, int levels) {
    List<Level> all = new ArrayList<>(List.of(first));
    while (all.size() < levels) {
      all.add(all.get(all.size() - 1).halved());
    }
    return new MaskPlan(all);
  }

  /** Share of the latents' places that are active, over 0 to 1. */
  public double ratio() {
    Level first = levels.get(0);
    return (double) first.active().length / first.places();
  }
}
