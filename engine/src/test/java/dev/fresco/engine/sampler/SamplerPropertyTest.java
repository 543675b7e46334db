package dev.fresco.engine.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fresco.engine.EngineException;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** What holds for any number of steps of any sampler. */
class SamplerPropertyTest {
  private static final int TOKENS = 700;
  private static final double PICTURE = 0.7;
  private static final double EPSILON = -1.3;

  /** Those that draw fresh noise. */
  private static final Set<Samplers> STOCHASTIC =
      Set.of(Samplers.EULER_ANCESTRAL, Samplers.DPMPP_2M_SDE, Samplers.LCM);

  @Property(tries = 600)
  void timestepsFallWithinTheTrainingRange(
      @ForAll @IntRange(min = 1, max = 999) int steps,
      @ForAll Samplers sampler,
      @ForAll TimestepSpacing spacing,
      @ForAll Prediction prediction) {
    int legal = legal(sampler, steps);
    SamplerSchedule schedule = schedule(sampler, spacing, prediction, legal);
    List<Double> timesteps = schedule.steps().stream().map(StepCoefficients::timestep).toList();

    // A flow model is told the level itself, which is 1 at pure noise.
    double most = sampler == Samplers.FLOW_EULER ? 1000 : 999;
    assertThat(timesteps).hasSize(legal).allSatisfy(t -> assertThat(t).isBetween(0.0, most));
    for (int i = 1; i < legal; i++) {
      // Karras' levels lie closer than whole timesteps, which is what this solver's network is
      // told.
      boolean mayRepeat = sampler == Samplers.DPMPP_2M_KARRAS;
      assertThat(timesteps.get(i))
          .as("step %d of %s", i, timesteps)
          .isLessThan(timesteps.get(i - 1) + (mayRepeat ? 1 : 0));
    }
  }

  /** The reference makes one step too many for 62 of these numbers, such as 61. */
  @Example
  void thereAreAsManyTrailingStepsAsAskedFor() {
    for (int steps = 1; steps <= 1000; steps++) {
      List<StepCoefficients> all =
          schedule(Samplers.DDIM, TimestepSpacing.TRAILING, Prediction.EPSILON, steps).steps();
      assertThat(all).hasSize(steps);
      assertThat(all.get(0).timestep()).isEqualTo(999);
      assertThat(all.get(steps - 1).timestep()).isBetween(0.0, 999.0);
    }
  }

  @Property(tries = 400)
  void theLastStepLandsOnTheCleanEstimate(
      @ForAll @IntRange(min = 1, max = 999) int steps,
      @ForAll Samplers sampler,
      @ForAll TimestepSpacing spacing,
      @ForAll Prediction prediction) {
    int legal = legal(sampler, steps);
    StepCoefficients last = schedule(sampler, spacing, prediction, legal).steps().get(legal - 1);
    // DDIM counts back from a timestep by whole strides, so that trailing ones may end a bit short.
    boolean endsShort = sampler == Samplers.DDIM && spacing == TimestepSpacing.TRAILING;
    // A consistency model keeps a trace of the sample.
    double tolerance = endsShort ? 0.011 : sampler == Samplers.LCM ? 1e-5 : 0;

    assertThat(last.next().fromX0()).isCloseTo(1, within(tolerance));
    assertThat(last.next().fromPreviousX0()).isZero();
    assertThat(last.next().fromMemory()).isZero();
    assertThat(last.next().fromNoise()).isZero();
    if (!endsShort) {
      assertThat(last.next().fromSample()).isCloseTo(0, within(tolerance));
      assertThat(last.next().fromOutput()).isZero();
    }
  }

  /**
   * A network that always sees the picture leads to it, from any strength, whatever noise is drawn.
   * Without fresh noise, each sample on the way is at the level that the step says.
   */
  @Property(tries = 600)
  void aPerfectNetworkIsFollowedExactly(
      @ForAll @IntRange(min = 1, max = 999) int steps,
      @ForAll @DoubleRange(min = 0.3, max = 1) double strength,
      @ForAll Samplers sampler,
      @ForAll TimestepSpacing spacing,
      @ForAll Prediction prediction,
      @ForAll Random random) {
    // DDIM's levels meet those of the next timestep only where strides are whole.
    TimestepSpacing used = sampler == Samplers.DDIM ? TimestepSpacing.LEADING : spacing;
    int legal = legal(sampler, steps);
    Assume.that(legal * strength >= 1);
    SamplerSchedule schedule =
        sampler(sampler, used, prediction).schedule(new ScheduleRequest(legal, strength, TOKENS));
    Walk walk = new Walk(schedule.steps().get(0).level());
    for (StepCoefficients step : schedule.steps()) {
      if (!STOCHASTIC.contains(sampler)) {
        assertThat(walk.sample).isCloseTo(at(step.level()), within(1e-9 * step.level().noise()));
      }
      walk.step(step, random.nextGaussian());
    }
    assertThat(walk.sample).isCloseTo(PICTURE, within(sampler == Samplers.LCM ? 1e-3 : 1e-9));
  }

  /** One place that is denoised by a network that sees the picture. */
  private static final class Walk {
    double sample;
    double previousX0;
    double memory;

    Walk(NoiseLevel level) {
      sample = at(level);
    }

    void step(StepCoefficients step, double noise) {
      double output = (PICTURE - step.x0().fromSample() * sample) / step.x0().fromOutput();
      double before = sample;
      StepCoefficients.Next next = step.next();
      sample =
          next.fromSample() * before
              + next.fromOutput() * output
              + next.fromX0() * PICTURE
              + next.fromPreviousX0() * previousX0
              + next.fromMemory() * memory
              + next.fromNoise() * noise;
      StepCoefficients.Memory kept = step.memory();
      memory =
          kept.fromSample() * before
              + kept.fromX0() * PICTURE
              + kept.fromPreviousX0() * previousX0
              + kept.fromMemory() * memory;
      previousX0 = PICTURE;
    }
  }

  private static double at(NoiseLevel level) {
    return level.signal() * PICTURE + level.noise() * EPSILON;
  }

  /** What is left of the old noise and the new add up to the variance of the next level. */
  @Property(tries = 300)
  void freshNoiseFillsUpTheLevel(
      @ForAll @IntRange(min = 2, max = 999) int steps,
      @ForAll TimestepSpacing spacing,
      @ForAll Prediction prediction) {
    for (Samplers sampler : STOCHASTIC) {
      int legal = Math.max(2, legal(sampler, steps));
      List<StepCoefficients> all = schedule(sampler, spacing, prediction, legal).steps();
      for (int i = 1; i < legal; i++) {
        StepCoefficients step = all.get(i - 1);
        double old = step.next().fromSample() * step.level().noise();
        double fresh = step.next().fromNoise();
        assertThat(Math.hypot(old, fresh))
            .as("%s, step %d of %d", sampler, i, legal)
            .isCloseTo(all.get(i).level().noise(), within(1e-6 * all.get(i).level().noise()));
        assertThat(fresh).isPositive();
      }
    }
  }

  /** Starting late leaves out the first steps; samplers that look back begin anew. */
  @Property(tries = 400)
  void strengthLeavesTheLastSteps(
      @ForAll @IntRange(min = 1, max = 200) int steps,
      @ForAll @DoubleRange(min = 0, max = 1) double strength,
      @ForAll Samplers sampler,
      @ForAll TimestepSpacing spacing) {
    int legal = legal(sampler, steps);
    boolean flow = sampler == Samplers.FLOW_EULER;
    int left =
        flow ? legal - (int) (legal - Math.min(legal * strength, legal)) : (int) (legal * strength);
    Assume.that(left >= 1);
    Sampler all = sampler(sampler, spacing, Prediction.EPSILON);
    List<StepCoefficients> whole = all.schedule(new ScheduleRequest(legal, 1, TOKENS)).steps();
    List<StepCoefficients> part =
        all.schedule(new ScheduleRequest(legal, strength, TOKENS)).steps();

    assertThat(part).hasSize(left);
    for (int i = 0; i < left; i++) {
      StepCoefficients same = whole.get(legal - left + i);
      assertThat(part.get(i).timestep()).isEqualTo(same.timestep());
      assertThat(part.get(i).level()).isEqualTo(same.level());
      assertThat(part.get(i).x0()).isEqualTo(same.x0());
      if (i >= 3) {
        assertThat(part.get(i)).isEqualTo(same);
      }
    }
    assertThat(part.get(0).next().fromPreviousX0()).isZero();
    assertThat(part.get(0).next().fromMemory()).isZero();
    assertThat(part.get(0).memory().fromPreviousX0()).isZero();
    assertThat(part.get(0).memory().fromMemory()).isZero();
  }

  /** Options that change where levels and orders lie, in any combination. */
  @Property(tries = 1500)
  void aConfigIsRefusedOrLeadsToNumbers(
      @ForAll Samplers sampler,
      @ForAll @IntRange(min = 1, max = 60) int steps,
      @ForAll @IntRange(min = 2, max = 1000) int trainingSteps,
      @ForAll Prediction prediction,
      @ForAll Random random) {
    String json =
        """
        {"num_train_timesteps": %d, "prediction_type": "%s", "timestep_spacing": "%s",
         "beta_schedule": "%s", "final_sigmas_type": "%s", "use_karras_sigmas": %s,
         "rescale_betas_zero_snr": %s, "lower_order_final": %s, "steps_offset": %d,
         "solver_type": "%s", "original_inference_steps": %d, "shift": %s,
         "use_dynamic_shifting": %s, "disable_corrector": [%d]%s}
        """
            .formatted(
                trainingSteps,
                lower(prediction),
                lower(any(random, TimestepSpacing.values())),
                lower(any(random, BetaSchedule.values())),
                lower(any(random, SigmaSchedule.Ending.values())),
                random.nextBoolean(),
                random.nextInt(4) == 0,
                random.nextBoolean(),
                random.nextInt(2),
                any(random, "midpoint", "heun", "bh1", "bh2"),
                1 + random.nextInt(trainingSteps),
                0.1 + 5 * random.nextDouble(),
                sampler == Samplers.FLOW_EULER && random.nextBoolean(),
                random.nextInt(5),
                ofClass(sampler));
    SamplerSchedule schedule;
    try {
      schedule =
          sampler
              .from(SchedulerConfig.parse("property", json))
              .schedule(new ScheduleRequest(steps, 0.2 + 0.8 * random.nextDouble(), TOKENS));
    } catch (EngineException refused) {
      assertThat(refused).hasMessageNotContaining("has no finite");
      return;
    }
    Trajectory trajectory = new Trajectory(new float[] {0.5f, -2}, (x, t) -> Math.tanh(x));
    for (StepCoefficients step : schedule.steps()) {
      trajectory.advance(step, new float[] {1.5f, -0.5f});
      for (float value : trajectory.sample()) {
        assertThat(value).as(json).isFinite();
      }
    }
  }

  @SafeVarargs
  private static <T> T any(Random random, T... values) {
    return values[random.nextInt(values.length)];
  }

  /** A consistency model has but the steps of its distillation. */
  private static int legal(Samplers sampler, int steps) {
    return sampler == Samplers.LCM ? 1 + (steps - 1) % 50 : steps;
  }

  private static SamplerSchedule schedule(
      Samplers sampler, TimestepSpacing spacing, Prediction prediction, int steps) {
    return sampler(sampler, spacing, prediction).schedule(new ScheduleRequest(steps, 1, TOKENS));
  }

  private static Sampler sampler(Samplers sampler, TimestepSpacing spacing, Prediction prediction) {
    String json =
        """
        {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear",
         "clip_sample": false, "timestep_spacing": "%s", "prediction_type": "%s"%s}
        """
            .formatted(lower(spacing), lower(prediction), ofClass(sampler));
    return sampler.from(SchedulerConfig.parse("property", json));
  }

  private static String ofClass(Samplers sampler) {
    return sampler == Samplers.FLOW_EULER
        ? ", \"_class_name\": \"FlowMatchEulerDiscreteScheduler\""
        : "";
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
