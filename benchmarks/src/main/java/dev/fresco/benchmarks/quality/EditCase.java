package dev.fresco.benchmarks.quality;

import dev.fresco.benchmarks.mask.MaskRatios;
import dev.fresco.benchmarks.mask.MaskShape;
import dev.fresco.benchmarks.mask.PixelMask;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * An edit of a picture that the model itself has painted.
 *
 * @param templatePrompt what the picture shows
 * @param templateSeed of the picture
 * @param prompt what is painted into it
 * @param seed of what is painted
 */
record EditCase(
    String templatePrompt, long templateSeed, String prompt, long seed, PixelMask mask) {
  /** Grounds and things that the demo model knows. */
  private static final List<String> GROUNDS =
      List.of("red", "yellow", "green", "blue", "purple", "pink", "white", "grey");

  private static final List<String> THINGS =
      List.of(
          "a cat",
          "a red apple",
          "a fox",
          "a pizza",
          "a penguin",
          "a sunflower",
          "an owl",
          "a whale");

  /**
   * Cases of another thing on the same ground, with masks as production has them.
   *
   * @param size of the pictures in pixels
   */
  static List<EditCase> draw(int count, int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    MaskRatios ratios = MaskRatios.named("production");
    return IntStream.range(0, count).mapToObj(i -> draw(i, size, ratios, random)).toList();
  }

  private static EditCase draw(int index, int size, MaskRatios ratios, SplittableRandom random) {
    int thing = random.nextInt(THINGS.size());
    int other = (thing + 1 + random.nextInt(THINGS.size() - 1)) % THINGS.size();
    String ground = " on a " + GROUNDS.get(random.nextInt(GROUNDS.size())) + " background";
    MaskShape shape = MaskShape.values()[index % MaskShape.values().length];
    return new EditCase(
        THINGS.get(thing) + ground,
        random.nextInt(1 << 20),
        THINGS.get(other) + ground,
        random.nextInt(1 << 20),
        shape.draw(size, size, ratios.draw(random), random));
  }
}
