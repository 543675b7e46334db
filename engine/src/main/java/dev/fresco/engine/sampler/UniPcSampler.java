package dev.fresco.engine.sampler;

import dev.fresco.engine.sampler.StepCoefficients.Memory;
import dev.fresco.engine.sampler.StepCoefficients.Next;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * UniPC of order 2 (arXiv:2302.04867, UniP-2 and UniC-2, in the clean picture): each step first
 * corrects the sample with what the network said of it, then predicts the next one. Agrees with
 * diffusers' {@code UniPCMultistepScheduler}.
 *
 * <p>With h the growth of lambda from the last level to this one, h0 in the step before, and {@code
 * kept}, {@code phi} of that step as in DPM-Solver++:
 *
 * <pre>
 *   corrected  = kept * (corrected before) + phi * (x0 before)
 *              + q * (x0 before - x0 two before) + d * (x0 - x0 before)
 *   prediction = kept' * corrected + phi' * x0 + w' * (x0 - x0 before)
 * </pre>
 *
 * The corrected sample takes the place of the predicted one, which nothing needs any more. All of
 * it but the part of {@code x0} is known a step earlier, so that part is the memory.
 */
final class UniPcSampler implements Sampler {
  private final SolverGrid grid;
  private final Prediction prediction;
  private final SolverType type;
  private final boolean lowerFinal;
  private final Set<Integer> uncorrected;

  /** The function {@code B(h)} of the paper ({@code solver_type}). */
  enum SolverType {
    BH1,
    BH2
  }

  private UniPcSampler(SchedulerConfig config) {
    refuseUnsupported(config);
    grid = SolverGrid.ofUniPc(config, config.flag("use_karras_sigmas", false));
    prediction = config.choice("prediction_type", Prediction.EPSILON);
    // Solver types of other classes, for which the reference takes its own default.
    boolean foreign =
        List.of("midpoint", "heun", "logrho").contains(config.text("solver_type", "bh2"));
    type = foreign ? SolverType.BH2 : config.choice("solver_type", SolverType.BH2);
    lowerFinal = config.flag("lower_order_final", true);
    uncorrected = config.integers("disable_corrector");
    if (!lowerFinal && grid.endsClean()) {
      throw config.refusal(
          "lower_order_final", "the last step to no noise at all would not be finite");
    }
  }

  static UniPcSampler of(SchedulerConfig config) {
    return new UniPcSampler(config);
  }

  @Override
  public SamplerSchedule schedule(ScheduleRequest request) {
    int steps = request.steps();
    SolverLevels levels = grid.levels(steps);
    int begin = request.skipped();
    List<StepCoefficients> coefficients = new ArrayList<>();
    double correction = Double.NaN;
    for (int i = begin; i < steps; i++) {
      int order = i == begin || lowerFinal && i == steps - 1 ? 1 : 2;
      boolean corrects = i > begin && !uncorrected.contains(i - 1);
      Start start = corrects ? Start.corrected(correction) : Start.predicted();
      boolean remembers = i < steps - 1 && !uncorrected.contains(i);
      Weights corrector = remembers ? corrector(levels, i, order) : new Weights(0, 0);
      coefficients.add(
          new StepCoefficients(
              levels.timesteps()[i],
              1,
              levels.level(i),
              prediction.x0(levels.level(i)),
              next(levels, i, start, predictor(levels, i, order)),
              remembers ? memory(levels, i, start, corrector) : Memory.NONE));
      correction = corrector.ofLatest();
    }
    return new SamplerSchedule(1, coefficients);
  }

  /** What a step starts from: the sample, or the memory and a share of the estimate. */
  private record Start(double ofSample, double ofMemory, double ofX0) {
    static Start predicted() {
      return new Start(1, 0, 0);
    }

    static Start corrected(double correction) {
      return new Start(0, 1, correction);
    }
  }

  /**
   * Weights of two differences of estimates.
   *
   * @param ofEarlier of the one between a step's start and the start before
   * @param ofLatest of the one between a step's end and its start
   */
  private record Weights(double ofEarlier, double ofLatest) {}

  private static Next next(SolverLevels levels, int step, Start start, Weights predictor) {
    double kept = levels.noiseKept(step);
    double weight = predictor.ofEarlier();
    return new Next(
        kept * start.ofSample(),
        0,
        kept * start.ofX0() + phi(levels, step) + weight,
        -weight,
        kept * start.ofMemory(),
        0);
  }

  private static Memory memory(SolverLevels levels, int step, Start start, Weights corrector) {
    double kept = levels.noiseKept(step);
    double weight = corrector.ofEarlier();
    return new Memory(
        kept * start.ofSample(),
        kept * start.ofX0() + phi(levels, step) + weight - corrector.ofLatest(),
        -weight,
        kept * start.ofMemory());
  }

  private Weights predictor(SolverLevels levels, int step, int order) {
    return order == 1
        ? new Weights(0, 0)
        : new Weights(gain(levels, step) / 2 * levels.growth(step) / levels.growth(step - 1), 0);
  }

  /** Theorem 3.1's conditions, solved for two weights; B(h) cancels out in the second order. */
  private Weights corrector(SolverLevels levels, int step, int order) {
    if (order == 1) {
      return new Weights(0, gain(levels, step) / 2);
    }
    double growth = levels.growth(step);
    double ratio = levels.growth(step - 1) / growth;
    double signal = levels.level(step + 1).signal();
    double both = signal * growth * PhiFunctions.phi2(-growth);
    double curved = 2 * signal * growth * PhiFunctions.phi3(-growth);
    double earlier = (both - curved) / (1 + ratio);
    return new Weights(earlier / ratio, both - earlier);
  }

  /** Signal times -B(h). */
  private double gain(SolverLevels levels, int step) {
    return switch (type) {
      case BH1 -> levels.level(step + 1).signal() * levels.growth(step);
      case BH2 -> phi(levels, step);
    };
  }

  private static double phi(SolverLevels levels, int step) {
    return levels.level(step + 1).signal() * (1 - levels.decay(step));
  }

  private static void refuseUnsupported(SchedulerConfig config) {
    config.mustBe("solver_order", "2");
    config.mustBe("predict_x0", "true");
    config.mustBe("thresholding", "false");
    config.mustBe("use_flow_sigmas", "false");
    config.mustBe("use_dynamic_shifting", "false");
    config.mustBe("solver_p");
  }
}
