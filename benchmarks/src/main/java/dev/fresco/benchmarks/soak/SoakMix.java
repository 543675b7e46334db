package dev.fresco.benchmarks.soak;

import dev.fresco.benchmarks.soak.SoakRequest.AdapterPick;
import dev.fresco.benchmarks.soak.SoakRequest.ControlPick;
import dev.fresco.benchmarks.soak.SoakRequest.Extras;
import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.Prompt.LongPrompt;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Makes requests by chance: every size, sampler and number of steps that the model has, no
 * guidance, little and much, sets of adapters, ControlNets, pictures to start from, long prompts,
 * and some that must fail, because their sampler is none of the model's or their guidance makes the
 * numbers overflow. The same seed makes the same requests.
 */
record SoakMix(ModelCard card, Range range, Random random) {
  /** A sampler that no model has. */
  static final String NO_SAMPLER = "none-of-its-samplers";

  private static final List<Double> GUIDANCE = List.of(0.0, 1.0, 1.5, 5.0, 7.5, 7.5, 12.0);

  /** Over fp32's range at once, and after a few steps. */
  private static final List<Double> OVERFLOWING = List.of(1e300, 1e30);

  private static final List<Double> ADAPTER_SCALES = List.of(1.0, 1.0, 0.8, 0.5, -0.7, 0.0);

  /** Words; more than encoders read at once. */
  private static final int LONG_PROMPT = 100;

  private static final List<String> WORDS =
      List.of(
          "a", "red", "apple", "on", "blue", "castle", "in", "watercolor", "cat", "naïve", "12");

  /**
   * What there is to choose from.
   *
   * @param largest width and height at most, in pixels
   * @param mostSteps of a request
   * @param adapters how many there are
   * @param controlNets likewise
   */
  record Range(int largest, int mostSteps, int adapters, int controlNets) {}

  SoakMix {
    if (range.largest() < card.sizeMultiple()) {
      throw new IllegalArgumentException(
          "largest is " + range.largest() + "; the model paints from " + card.sizeMultiple());
    }
  }

  SoakRequest next() {
    int steps = 1 + random.nextInt(range.mostSteps());
    return new SoakRequest(
        new PictureSettings(size(), size(), steps, guidance(), sampler(), random.nextLong()),
        prompt(),
        extras(steps),
        chance(0.1) ? random.nextInt(steps) : steps + 1,
        chance(0.25) ? 1 + random.nextInt(3) : 0,
        chance(0.4));
  }

  /**
   * A request as large as they come, with all that there is.
   *
   * @param index gives each its own set of adapters
   */
  SoakRequest heaviest(int index) {
    int side = range.largest() / card.sizeMultiple() * card.sizeMultiple();
    String text = String.join(" ", Collections.nCopies(LONG_PROMPT, "apple"));
    return new SoakRequest(
        new PictureSettings(side, side, range.mostSteps(), 7.5, card.defaultSampler(), index),
        new Prompt(text, text, text, text, 0, LongPrompt.CHUNK),
        new Extras(
            IntStream.range(0, range.adapters())
                .mapToObj(adapter -> new AdapterPick(adapter, 1 + index))
                .toList(),
            IntStream.range(0, range.controlNets())
                .mapToObj(net -> new ControlPick(net, 1, 0, 1))
                .toList(),
            1,
            false),
        range.mostSteps() + 1,
        1,
        true);
  }

  private boolean chance(double share) {
    return random.nextDouble() < share;
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private int size() {
    return card.sizeMultiple() * (1 + random.nextInt(range.largest() / card.sizeMultiple()));
  }

  private double guidance() {
    return chance(0.05) ? one(OVERFLOWING) : one(GUIDANCE);
  }

  private String sampler() {
    return chance(0.02) ? NO_SAMPLER : one(card.samplers());
  }

  private Prompt prompt() {
    return new Prompt(
        words(),
        random.nextBoolean() ? "" : words(),
        chance(0.2) ? words() : null,
        null,
        chance(0.2) ? Math.min(1, card.abilities().maxClipSkip()) : 0,
        random.nextBoolean() ? LongPrompt.CUT : LongPrompt.CHUNK);
  }

  private String words() {
    // Now and then more than the encoder reads.
    int count = chance(0.05) ? LONG_PROMPT : 1 + random.nextInt(12);
    return IntStream.range(0, count).mapToObj(i -> one(WORDS)).collect(Collectors.joining(" "));
  }

  private Extras extras(int steps) {
    List<AdapterPick> adapters = picks(range.adapters(), 0.4).mapToObj(this::adapter).toList();
    List<ControlPick> controls = picks(range.controlNets(), 0.3).mapToObj(this::control).toList();
    // At least one step is left.
    double strength = chance(0.25) ? Math.max(1.0 / steps, 1 - random.nextDouble()) : 0;
    return new Extras(adapters, controls, strength, chance(0.02));
  }

  /** Some of the numbers up to a count. */
  private IntStream picks(int count, double share) {
    return IntStream.range(0, count).filter(index -> chance(share));
  }

  private AdapterPick adapter(int index) {
    return new AdapterPick(index, one(ADAPTER_SCALES));
  }

  private ControlPick control(int index) {
    return chance(0.5)
        ? new ControlPick(index, 1, 0, 1)
        : new ControlPick(index, random.nextDouble(), 0.2, 0.9);
  }
}
