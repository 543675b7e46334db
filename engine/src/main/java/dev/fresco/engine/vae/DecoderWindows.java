package dev.fresco.engine.vae;

import dev.fresco.engine.Region;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Which part of its maps a decoder must compute for a part of the picture.
 *
 * <p>Goal: the region's pixels as if everything had been computed, by as few places as that takes.
 *
 * <p>Algorithm: backwards from the pixels. A 3x3 convolution needs one place more on each side; at
 * the map's edge none, since there are zeros for both. Before an enlargement, which a convolution
 * follows, the map is cut to what is left of the need, rounded outwards. So the margin is cut anew
 * at every resolution, and is some places of that resolution only.
 *
 * @param stages one for each resolution, the lowest first
 */
record DecoderWindows(List<Stage> stages) {
  /**
   * One resolution.
   *
   * @param map all of it
   * @param in what its convolutions take
   * @param out what of their result is needed
   */
  record Stage(Region map, Region in, Region out) {
    boolean isWhole() {
      return in.equals(map);
    }
  }

  /**
   * @param region places of the latents
   * @param latents all of them
   * @param factor of each enlargement
   * @param convolutions 3x3 ones of each resolution in a row, without those after enlargements and
   *     without the last one of all
   */
  static DecoderWindows of(Region region, Region latents, int factor, List<Integer> convolutions) {
    int last = convolutions.size() - 1;
    List<Region> maps = new ArrayList<>(List.of(latents));
    Region pixels = region;
    for (int i = 0; i < last; i++) {
      maps.add(maps.get(i).times(factor));
      pixels = pixels.times(factor);
    }
    List<Stage> stages = new ArrayList<>();
    Region out = pixels.grown(1, maps.get(last));
    for (int i = last; i >= 0; i--) {
      Region in = out.grown(convolutions.get(i), maps.get(i));
      stages.add(new Stage(maps.get(i), in, out));
      out = in.grown(1, maps.get(i)).dividedBy(factor);
    }
    Collections.reverse(stages);
    return new DecoderWindows(stages);
  }

  Stage last() {
    return stages.get(stages.size() - 1);
  }
}
