package dev.fresco.benchmarks.soak;

import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.engine.PictureSettings;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Makes requests by chance: every size, sampler and number of steps that the model has, no
 * guidance, little and much, and some that must fail, because their sampler is none of the model's
 * or their guidance makes the numbers overflow. The same seed makes the same requests.
 *
 * @param largest width and height at most, in pixels
 * @param mostSteps of a request
 */
record SoakMix(ModelCard card, int largest, int mostSteps, Random random) {
  private static final List<Double> GUIDANCE = List.of(0.0, 1.0, 1.5, 5.0, 7.5, 7.5, 12.0);

  /** Over fp32's range at once, and after a few steps. */
  private static final List<Double> OVERFLOWING = List.of(1e300, 1e30);

  private static final List<String> WORDS =
      List.of(
          "a", "red", "apple", "on", "blue", "castle", "in", "watercolor", "cat", "naïve", "12");

  SoakMix {
    if (largest < card.sizeMultiple()) {
      throw new IllegalArgumentException(
          "largest is " + largest + "; the model paints from " + card.sizeMultiple() + " on");
    }
  }

  SoakRequest next() {
    int steps = 1 + random.nextInt(mostSteps);
    return new SoakRequest(
        new PictureSettings(size(), size(), steps, guidance(), sampler(), random.nextLong()),
        words(),
        random.nextBoolean() ? "" : words(),
        chance(0.1) ? random.nextInt(steps) : steps + 1,
        chance(0.25) ? 1 + random.nextInt(3) : 0,
        chance(0.4));
  }

  private boolean chance(double share) {
    return random.nextDouble() < share;
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private int size() {
    return card.sizeMultiple() * (1 + random.nextInt(largest / card.sizeMultiple()));
  }

  private double guidance() {
    return chance(0.05) ? one(OVERFLOWING) : one(GUIDANCE);
  }

  private String sampler() {
    return chance(0.02) ? "none-of-its-samplers" : one(card.samplers());
  }

  private String words() {
    // Now and then more than the encoder reads.
    int count = chance(0.05) ? 100 : 1 + random.nextInt(12);
    return IntStream.range(0, count).mapToObj(i -> one(WORDS)).collect(Collectors.joining(" "));
  }
}
