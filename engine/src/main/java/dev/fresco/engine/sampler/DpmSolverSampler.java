package dev.fresco.engine.sampler;

import dev.fresco.engine.sampler.StepCoefficients.CleanEstimate;
import dev.fresco.engine.sampler.StepCoefficients.Next;
import java.util.ArrayList;
import java.util.List;

/**
 * DPM-Solver++ 2M (arXiv:2211.01095, algorithm 2) and its stochastic kind, that paper's
 * SDE-DPM-Solver++ 2M: exponential integrators in the clean picture that extrapolate from the step
 * before. The first step, and the last where it is unstable, are of first order. Agrees with
 * diffusers' {@code DPMSolverMultistepScheduler} of {@code solver_order} 2.
 *
 * <p>With h the growth of lambda in this step, h0 in the one before, k = 1 (stochastic: 2), and phi
 * = signal' * (1 - exp(-k h)):
 *
 * <pre>
 *   x' = (noise' / noise) * exp(-(k - 1) h) * x
 *      + phi * x0 + (phi / 2) * (h / h0) * (x0 - previous x0)
 *      + stochastic: noise' * sqrt(1 - exp(-2 h)) * epsilon
 * </pre>
 *
 * With {@code solver_type} heun, phi / 2 is signal' * (1 - phi1(-k h)) instead.
 */
final class DpmSolverSampler implements Sampler {
  /** With fewer steps than this, {@code lower_order_final} applies, as in the reference. */
  private static final int STABLE_STEPS = 15;

  /** How the slope of the clean picture enters ({@code solver_type}). */
  enum SolverType {
    MIDPOINT,
    HEUN
  }

  private final SolverGrid grid;
  private final Prediction prediction;
  private final Order order;
  private final boolean stochastic;

  private DpmSolverSampler(SchedulerConfig config, boolean karras, boolean stochastic) {
    refuseUnsupported(config);
    grid = SolverGrid.ofDpmSolver(config, karras);
    prediction = config.choice("prediction_type", Prediction.EPSILON);
    order = Order.of(config, grid);
    this.stochastic = stochastic;
  }

  static DpmSolverSampler of(SchedulerConfig config, boolean karras) {
    return new DpmSolverSampler(config, karras, false);
  }

  static DpmSolverSampler stochastic(SchedulerConfig config) {
    return new DpmSolverSampler(config, config.flag("use_karras_sigmas", false), true);
  }

  @Override
  public SamplerSchedule schedule(ScheduleRequest request) {
    SolverLevels levels = grid.levels(request.steps());
    int begin = request.skipped();
    List<StepCoefficients> coefficients = new ArrayList<>();
    for (int i = begin; i < request.steps(); i++) {
      CleanEstimate x0 = prediction.x0(levels.level(i));
      boolean first = i == begin || order.isLower(i, request.steps());
      Next next = first ? firstOrder(levels, i) : secondOrder(levels, i);
      coefficients.add(
          new StepCoefficients(
              levels.timesteps()[i], 1, levels.level(i), x0, noised(next, levels, i)));
    }
    return new SamplerSchedule(1, coefficients);
  }

  private Next firstOrder(SolverLevels levels, int step) {
    double kept = levels.noiseKept(step) * (stochastic ? levels.decay(step) : 1);
    return Next.of(kept, phi(levels, step));
  }

  private Next secondOrder(SolverLevels levels, int step) {
    double weight = slope(levels, step) * levels.growth(step) / levels.growth(step - 1);
    Next first = firstOrder(levels, step);
    return Next.of(first.fromSample(), first.fromX0() + weight).withPreviousX0(-weight);
  }

  private double slope(SolverLevels levels, int step) {
    return switch (order.solver()) {
      case MIDPOINT -> phi(levels, step) / 2;
      case HEUN -> {
        double growth = (stochastic ? 2 : 1) * levels.growth(step);
        yield levels.level(step + 1).signal() * growth * PhiFunctions.phi2(-growth);
      }
    };
  }

  private double phi(SolverLevels levels, int step) {
    double decay = levels.decay(step);
    return levels.level(step + 1).signal() * (1 - (stochastic ? decay * decay : decay));
  }

  private Next noised(Next next, SolverLevels levels, int step) {
    double decay = levels.decay(step);
    return stochastic
        ? next.withNoise(levels.level(step + 1).noise() * Math.sqrt(1 - decay * decay))
        : next;
  }

  private static void refuseUnsupported(SchedulerConfig config) {
    // The sampler's name chooses between the first two; the last is another class's.
    config.mustBe("algorithm_type", "dpmsolver++", "sde-dpmsolver++", "deis");
    config.mustBe("solver_order", "2");
    config.mustBe("thresholding", "false");
    config.mustBe("use_lu_lambdas", "false");
    config.mustBe("use_flow_sigmas", "false");
    config.mustBe("use_dynamic_shifting", "false");
    config.mustBe("variance_type");
  }

  /** Where the second order is used. */
  private record Order(SolverType solver, boolean lowerFinal, boolean alwaysLowerFinal) {
    static Order of(SchedulerConfig config, SolverGrid grid) {
      String type = config.text("solver_type", "midpoint");
      // Solver types of other classes, for which the reference takes its own default.
      boolean foreign = List.of("logrho", "bh1", "bh2").contains(type);
      return new Order(
          foreign ? SolverType.MIDPOINT : config.choice("solver_type", SolverType.MIDPOINT),
          config.flag("lower_order_final", true),
          config.flag("euler_at_final", false) || grid.endsClean());
    }

    boolean isLower(int step, int steps) {
      boolean last = step == steps - 1;
      return last && (alwaysLowerFinal || lowerFinal && steps < STABLE_STEPS);
    }
  }
}
