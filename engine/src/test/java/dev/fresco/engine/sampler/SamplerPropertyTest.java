package dev.fresco.engine.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Locale;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What holds for any number of steps of any sampler. */
class SamplerPropertyTest {

  @Property(tries = 600)
  void timestepsFallWithinTheTrainingRange(
      @ForAll @IntRange(min = 1, max = 999) int steps,
      @ForAll Samplers sampler,
      @ForAll TimestepSpacing spacing,
      @ForAll Prediction prediction) {
    SamplerSchedule schedule = schedule(sampler, spacing, prediction, steps);
    List<Double> timesteps = schedule.steps().stream().map(StepCoefficients::timestep).toList();

    assertThat(timesteps).hasSize(steps).allSatisfy(t -> assertThat(t).isBetween(0.0, 999.0));
    for (int i = 1; i < steps; i++) {
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

  @Property(tries = 300)
  void theLastStepLandsOnTheCleanEstimate(
      @ForAll @IntRange(min = 1, max = 999) int steps,
      @ForAll Samplers sampler,
      @ForAll TimestepSpacing spacing,
      @ForAll Prediction prediction) {
    StepCoefficients last = schedule(sampler, spacing, prediction, steps).steps().get(steps - 1);
    // DDIM counts back from a timestep by whole strides, so that trailing ones may end a bit short.
    boolean endsShort = sampler == Samplers.DDIM && spacing == TimestepSpacing.TRAILING;
    double tolerance = endsShort ? 0.011 : 0;

    assertThat(last.next().fromX0()).isCloseTo(1, within(tolerance));
    assertThat(last.next().fromPreviousX0()).isZero();
    if (!endsShort) {
      assertThat(last.next().fromSample()).isZero();
      assertThat(last.next().fromOutput()).isZero();
    }
  }

  /** With the true noise as output, every estimate is the picture, and so is the end. */
  @Property(tries = 300)
  void aPerfectNetworkIsFollowedExactly(
      @ForAll @IntRange(min = 1, max = 999) int steps,
      @ForAll Samplers sampler,
      @ForAll TimestepSpacing spacing) {
    // DDIM's levels meet those of the next timestep only where strides are whole.
    TimestepSpacing used = sampler == Samplers.DDIM ? TimestepSpacing.LEADING : spacing;
    List<StepCoefficients> all = schedule(sampler, used, Prediction.EPSILON, steps).steps();
    double picture = 0.7;
    double epsilon = -1.3;
    double sample =
        (picture - all.get(0).x0().fromOutput() * epsilon) / all.get(0).x0().fromSample();
    double previousX0 = 0;
    for (StepCoefficients step : all) {
      double x0 = step.x0().fromSample() * sample + step.x0().fromOutput() * epsilon;
      assertThat(x0).isCloseTo(picture, within(1e-9));
      sample =
          step.next().fromSample() * sample
              + step.next().fromOutput() * epsilon
              + step.next().fromX0() * x0
              + step.next().fromPreviousX0() * previousX0;
      previousX0 = x0;
    }
    assertThat(sample).isCloseTo(picture, within(1e-9));
  }

  private static SamplerSchedule schedule(
      Samplers sampler, TimestepSpacing spacing, Prediction prediction, int steps) {
    String json =
        """
        {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear",
         "clip_sample": false, "timestep_spacing": "%s", "prediction_type": "%s"}
        """
            .formatted(lower(spacing), lower(prediction));
    return sampler
        .from(SchedulerConfig.parse("property", json))
        .schedule(ScheduleRequest.of(steps));
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
